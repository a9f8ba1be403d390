import { describe, expect, it } from 'vitest'
import { explainRulings, whatWouldChange } from '../../src/lifecycle/explain-rulings.ts'
import { explanationLines } from '../../src/lifecycle/explanation-lines.ts'
import type { MergeRequestExplanation } from '../../src/lifecycle/explanation.ts'
import type { Ruling, RuleName } from '../../src/lifecycle/ruling.ts'
import { mergeRequestKey } from '../../src/preview/key.ts'
import { previewId } from '../../src/preview/preview-id.ts'
import { shaA } from '../preview/fixtures.ts'

const said = (rule: RuleName, answer: Ruling['answer'], saw: string): Ruling => ({ rule, answer, saw })

describe('rulings in their order', () => {
  it('fill what was not asked with the reason', () => {
    const all = explainRulings({
      rulings: [
        said('checks', 'no', 'build failed'),
        said('selected', 'yes', 'open'),
        said('pause', 'yes', ''),
      ],
      unconfigured: { trust: 'no approval is asked for', place: 'no limit is configured' },
      blockedBy: 'checks',
      otherwise: 'not asked this time',
    })
    expect(all.map(({ rule, answer, saw }) => `${rule} ${answer} ${saw}`)).toEqual([
      'selected yes open',
      'pause yes ',
      'trust not-asked no approval is asked for',
      'checks no build failed',
      'image not-asked not asked while checks says no',
      'place not-asked no limit is configured',
      'policy not-asked not asked while checks says no',
    ])
  })

  it('a no of a rule outweighs its yes, and two of them are both told', () => {
    const rulings = [
      said('pause', 'yes', 'nothing is paused'),
      said('pause', 'no', 'this preview is paused'),
      said('pause', 'no', 'previews are paused'),
    ]
    const [, pause, trust] = explainRulings({
      rulings,
      unconfigured: {},
      blockedBy: null,
      otherwise: 'not now',
    })
    expect(pause).toEqual(said('pause', 'no', 'this preview is paused; previews are paused'))
    expect(trust).toEqual(said('trust', 'not-asked', 'not now'))
  })
})

describe('what would change the answer', () => {
  const asked = { rule: null, advice: '', ended: null, application: 'shop' } as const

  it.each([
    [{ ...asked, ended: 'merged', advice: 'Push.' }, 'Nothing: the merge request has ended.'],
    [{ ...asked, ended: 'gone' }, 'Nothing: the merge request has ended.'],
    [{ ...asked, ended: 'closed' }, 'Opening the merge request again.'],
    [{ ...asked, rule: 'place', advice: 'Somebody can evict one.' }, 'Somebody can evict one.'],
    [{ ...asked, rule: 'selected' }, '`when` of the application shop'],
    [asked, 'A push'],
  ] as const)('%j', (question, words) => {
    expect(whatWouldChange(question)).toContain(words)
  })

  it('has words for every rule', () => {
    const rules = ['selected', 'pause', 'trust', 'checks', 'image', 'place', 'policy'] as const
    expect(new Set(rules.map((rule) => whatWouldChange({ ...asked, rule }))).size).toBe(rules.length)
  })
})

describe('an explanation on a terminal', () => {
  const explanation: MergeRequestExplanation = {
    mergeRequest: mergeRequestKey({ forge: 'gitea', repository: 'acme/shop', number: 142 }),
    state: 'open',
    url: 'https://git.acme.dev/acme/shop/pulls/142',
    author: 'dev',
    branch: 'cart\u001b[2J',
    sha: shaA,
    previews: [
      {
        preview: previewId('shop', 142),
        application: 'shop',
        name: 'shop-142-cart',
        state: 'waiting',
        message: 'the check build has not ended yet',
        decision: { answer: 'no', rule: 'checks', message: 'the check build has not ended yet' },
        rulings: [
          said('selected', 'yes', 'open\nNO'),
          said('checks', 'no', 'the check build has not ended yet'),
        ],
        whatWouldChange: 'Another word of CI.',
        template: { file: 'preview.yaml.hbs', blob: 'a1b2c3d4e5' },
        values: { project: 'previews' },
      },
    ],
    lastPass: {
      at: '2026-11-21T10:00:00.000Z',
      outcome: 'waiting',
      why: 'the check build has not ended yet',
    },
    nextAt: '2026-11-21T10:00:10.000Z',
    nextInMs: 9_400,
    deliveries: [
      { id: '9', event: 'pushed', at: '2026-11-21T09:59:59.000Z', answer: 'taken' },
      { id: null, event: 'opened', at: '2026-11-21T09:59:00.000Z', answer: 'not-taken' },
    ],
  }

  it('is one thing a line, aligned, and nothing in it is obeyed', () => {
    expect(explanationLines(explanation)).toEqual([
      'gitea:acme/shop#142: open, by dev, branch cart [2J, at a1b2c3d',
      'https://git.acme.dev/acme/shop/pulls/142',
      '',
      'shop-142-cart (shop/142): no, for checks: the check build has not ended yet',
      '  selected    yes  open NO',
      '  checks      NO   the check build has not ended yet',
      '  to change   Another word of CI.',
      '  state       waiting: the check build has not ended yet',
      '  template    preview.yaml.hbs (blob a1b2c3d)',
      '  values      {"project":"previews"}',
      '',
      '  last pass   2026-11-21T10:00:00.000Z, waiting: the check build has not ended yet',
      '  asked next  2026-11-21T10:00:10.000Z, in 10 s, and at any event before',
      '  heard       2026-11-21T09:59:59.000Z pushed, taken (delivery 9)',
      '              2026-11-21T09:59:00.000Z opened, not-taken',
    ])
  })

  it('says so where nothing is known', () => {
    const lines = explanationLines({
      ...explanation,
      ...{
        lastPass: null,
        nextAt: null,
        nextInMs: null,
        deliveries: [],
        url: null,
        author: null,
        branch: null,
      },
      ...{ sha: null, state: 'gone', previews: [] },
    })
    expect(lines).toEqual([
      'gitea:acme/shop#142: does not exist any more',
      '',
      '  last pass   none in this process',
      '  asked next  at the next event, or with the next sweep',
      '  heard       nothing of the forge in this process',
    ])
  })
})
