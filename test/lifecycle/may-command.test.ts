import { describe, expect, it } from 'vitest'
import { mayCommand, whoMayCommand } from '../../src/lifecycle/may-command.ts'
import { commandVerbs } from '../../src/lifecycle/read-command.ts'

const permissions = ['write', 'read', 'none'] as const

describe('who may command', () => {
  it('comes to the golden table', () => {
    const rows = commandVerbs.flatMap((verb) =>
      permissions.flatMap((permission) =>
        [true, false].map((isAuthor) => {
          const who = `${permission}${isAuthor ? ', author' : ''}`
          return `${verb}: ${who}: ${mayCommand(verb, { permission, isAuthor }) ? 'yes' : 'no'}`
        }),
      ),
    )
    const writersOnly = (verb: string) => [
      `${verb}: write, author: yes`,
      `${verb}: write: yes`,
      `${verb}: read, author: no`,
      `${verb}: read: no`,
      `${verb}: none, author: no`,
      `${verb}: none: no`,
    ]
    expect(rows).toEqual([
      ...writersOnly('approve'),
      ...writersOnly('evict'),
      ...writersOnly('rollback'),
      'redeploy: write, author: yes',
      'redeploy: write: yes',
      'redeploy: read, author: yes',
      'redeploy: read: no',
      'redeploy: none, author: yes',
      'redeploy: none: no',
    ])
  })

  it('is told to whoever may not', () => {
    expect(whoMayCommand('approve')).toBe('whoever may write to this repository')
    expect(whoMayCommand('redeploy')).toContain('the author of this merge request, and')
  })
})
