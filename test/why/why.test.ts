import { describe, expect, it } from 'vitest'
import type { PreviewExplanation } from '../../src/lifecycle/explanation.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { mergeRequestKey } from '../../src/preview/key.ts'
import type { WhyAnswer } from '../../src/why/why-desk.ts'
import { anApplication, everyone, shaB } from '../preview/fixtures.ts'
import { found, given, key, template } from '../reconcile/given.ts'

const limits = {
  total: 1,
  perApplication: null,
  perAuthor: null,
  perRepository: null,
  whenFull: 'wait',
} as const
const gate = { checks: ['build'], image: true, timeoutMs: 1_800_000, pin: false }
const image = 'registry.acme.dev/shop:{{shortSha}}'

function explained(answer: WhyAnswer) {
  if (answer.kind !== 'explained') throw new Error(`not explained: ${JSON.stringify(answer)}`)
  return answer.explanation
}

async function why(pass: ReturnType<typeof given>): Promise<PreviewExplanation> {
  const [preview] = explained(await pass.why()).previews
  if (preview === undefined) throw new Error('no preview')
  return preview
}

const answers = ({ rulings }: PreviewExplanation) =>
  rulings.map(({ rule, answer }) => `${rule} ${answer}`).join(', ')

const nobodyAsked = 'trust not-asked, checks not-asked, image not-asked, place not-asked, policy not-asked'

describe('why', () => {
  it('a merge request that got nothing: which rule, and what it saw', async () => {
    const when = { ...everyone, labels: { any: ['preview'], all: [], none: [] } }
    const pass = given([anApplication({ when })])
    pass.forge = found({ labels: ['bug'] })
    const told = await why(pass)
    expect(answers(told)).toBe(`selected no, pause yes, ${nobodyAsked}`)
    expect(told).toMatchObject({
      preview: 'shop/142',
      name: 'shop-142-cart',
      state: null,
      decision: { answer: 'no', rule: 'selected', message: 'it has none of the labels preview' },
    })
    expect(told.rulings[0]?.saw).toBe(
      'it has none of the labels preview (open, by dev, cart into main, labels bug)',
    )
    expect(told.rulings.at(-1)?.saw).toBe('not asked while selected says no')
    expect(told.whatWouldChange).toContain('`when` of the application shop')
  })

  it('one that stands: every rule, its template and values', async () => {
    const pass = given([anApplication({ values: { project: 'previews', note: 'a canary' } })])
    await pass.reconcile()
    const told = await why(pass)
    expect(answers(told)).toBe(
      'selected yes, pause yes, trust yes, checks not-asked, image not-asked, place not-asked, policy yes',
    )
    expect(told.decision).toEqual({ answer: 'yes', rule: null, message: 'its manifest stands as wanted' })
    expect(told.template).toEqual({
      file: 'preview.yaml.hbs',
      blob: expect.stringMatching(/^[0-9a-f]{40}$/) as unknown,
    })
    expect(told).toMatchObject({ state: 'deploying', values: { project: 'previews', note: 'a [secret]' } })
    pass.forge = found({ sha: shaB })
    await pass.clock.advance(2_001)
    expect((await why(pass)).decision.message).toBe('the next pass writes its manifest')
  })

  it('one held by a check: the gate, and that no more was asked; its wait begins with a pass, not with a question', async () => {
    const pass = given([anApplication({ gate, image })])
    pass.checks = { build: 'pending' }
    const told = await why(pass)
    expect(answers(told)).toBe(
      'selected yes, pause yes, trust yes, checks no, image not-asked, place not-asked, policy not-asked',
    )
    expect(told.rulings.map(({ saw }) => saw).slice(3)).toEqual([
      'the check build has not ended yet (at a1b2c3d)',
      'asked once the checks have passed',
      'no limit is configured',
      'not asked while checks says no',
    ])
    await pass.clock.advance(60_000)
    expect(await pass.reconcile()).toMatchObject({ kind: 'waiting', afterMs: 10_000 })
    await pass.clock.advance(4_000)
    const { nextInMs, lastPass } = explained(await pass.why())
    expect(nextInMs).toBe(6_000)
    expect(lastPass).toMatchObject({ outcome: 'waiting', why: 'the check build has not ended yet' })
    expect(pass.comment()).toContain(
      'The rule `checks` says no: `the check build has not ended yet (at a1b2c3d)`',
    )
  })

  it('what is written at this commit is not asked again', async () => {
    const pass = given([anApplication({ gate, image })])
    pass.checks = { build: 'passed' }
    await pass.reconcile()
    const { rulings } = await why(pass)
    expect(rulings[3]).toMatchObject({ answer: 'yes' })
    expect(rulings[4]).toMatchObject({ answer: 'not-asked', saw: 'this commit is written already' })
  })

  it('one refused by the policy', async () => {
    const pass = given([anApplication()])
    pass.repository.push([
      { path: 'templates/preview.yaml.hbs', content: template.replace('kind: Namespace', 'kind: Secret') },
    ])
    const told = await why(pass)
    expect(told.decision).toMatchObject({ answer: 'no', rule: 'policy' })
    expect(told.rulings.at(-1)).toMatchObject({ rule: 'policy', answer: 'no' })
    expect(told.rulings.at(-1)?.saw).toContain('Secret')
    await pass.reconcile()
    expect(pass.comment()).toContain('The rule `policy` says no')
  })

  it('one that waits while everything is paused, with what the other rules would say', async () => {
    const pass = given()
    await pass.repository.setPause('the cluster is upgraded')
    const told = await why(pass)
    expect(told.decision).toEqual({
      answer: 'no',
      rule: 'pause',
      message: 'previews are paused: the cluster is upgraded',
    })
    expect(told.whatWouldChange).toContain('mayfly resume')
    expect(told.rulings.at(-1)).toMatchObject({ answer: 'yes' })
  })

  it('one paused by hand keeps what stands, and says who can end it', async () => {
    const pass = given()
    await pass.reconcile()
    const [manifest] = (await pass.repository.refresh()).manifests()
    const paused = 'mayfly.dev/paused: a demo\n    mayfly.dev/preview:'
    const content = (manifest?.content ?? '').replace('mayfly.dev/preview:', paused)
    pass.repository.push([{ path: manifest?.path ?? '', content }])
    const same = await why(pass)
    expect(same.decision.answer).toBe('yes')
    expect(same.rulings[1]).toEqual({ rule: 'pause', answer: 'no', saw: 'this preview is paused: a demo' })
    pass.forge = found({ sha: shaB })
    await pass.clock.advance(2_001)
    const newer = await why(pass)
    expect(newer.decision).toMatchObject({ answer: 'no', rule: 'pause' })
    expect(newer.whatWouldChange).toContain('take the annotation mayfly.dev/paused off')
  })

  it('one of somebody who needs an approval; the command is read, and neither marked nor answered', async () => {
    const commands = { prefix: '/preview', allow: [] }
    const when = { ...everyone, forks: 'approved' } as const
    const pass = given([anApplication({ when, templateUntrusted: 'stranger.yaml.hbs' })], { commands })
    pass.repository.push([{ path: 'templates/stranger.yaml.hbs', content: template }])
    pass.talk.permissions = { maintainer: 'write' }
    pass.forge = found({ fork: true })
    const told = await why(pass)
    expect(told.decision).toMatchObject({ answer: 'no', rule: 'trust' })
    expect(told.whatWouldChange).toContain('/preview approve a1b2c3d')
    expect(told.rulings[3]?.saw).toBe('no check is configured')
    pass.talk.say('maintainer', '/preview approve a1b2c3d')
    pass.talk.say('dev', '/preview approve a1b2c3d')
    pass.talk.say('dev', '/preview nonsense')
    await pass.clock.advance(2_001)
    const approved = await why(pass)
    expect(approved.rulings[2]?.saw).toContain('maintainer approved a1b2c3d')
    expect(approved.decision.message).toBe('the next pass writes its manifest')
    expect(approved.template.file).toBe('stranger.yaml.hbs')
    expect([pass.talk.marks.size, pass.talk.replies]).toEqual([0, []])
  })

  it('one that a person has ended, or turned back', async () => {
    const commands = { prefix: '/preview', allow: [] }
    const pass = given([anApplication()], { commands })
    pass.talk.permissions = { maintainer: 'write' }
    await pass.reconcile()
    pass.forge = found({ sha: shaB })
    await pass.reconcile()
    pass.talk.say('maintainer', '/preview rollback')
    expect((await why(pass)).decision.message).toBe('the next pass writes its manifest')
    await pass.reconcile()
    await pass.clock.advance(2_001)
    expect((await why(pass)).decision).toMatchObject({ answer: 'no', rule: 'pause' })
    expect(pass.comment()).toContain('The rule `pause` says no')
    pass.talk.say('maintainer', '/preview evict')
    await pass.reconcile()
    await pass.clock.advance(2_001)
    const told = await why(pass)
    expect(told.decision.message).toBe('it was evicted by maintainer, until the next push')
    expect(told.rulings[0]?.saw).toContain('it was evicted by maintainer')
    expect(told.whatWouldChange).toBe('A push brings it back.')
  })

  it('asking costs nobody a reply: the pass that follows still gives it', async () => {
    const commands = { prefix: '/preview', allow: [] }
    const pass = given([anApplication()], { commands })
    pass.talk.say('stranger', '/preview evict')
    for (let time = 0; time < 5; time += 1) {
      await why(pass)
      await pass.clock.advance(5_000)
    }
    expect(pass.talk.replies).toEqual([])
    await pass.reconcile()
    expect(pass.talk.replies).toHaveLength(1)
  })

  it('one without a place: its place in the queue, though it never queued', async () => {
    const pass = given([anApplication()], { limits })
    const stood = template.replace('"{{namespace}}"', 'preview-shop-7').replace(/ {2}labels:[\s\S]*/, '')
    const content = `${stood}  annotations:\n    mayfly.dev/preview: shop/7\n`
    pass.repository.push([{ path: 'apps/shop-7.yml', content }])
    const before = pass.repository.commits.length
    const told = await why(pass)
    expect(told.decision).toEqual({
      answer: 'no',
      rule: 'place',
      message: 'place 1 of 1 in the queue: the only place is taken',
    })
    expect(told.whatWouldChange).toContain('A place comes free when a merge request is merged or closed')
    expect(pass.repository.commits).toHaveLength(before)
    expect((await pass.repository.refresh()).queue()).toEqual([])
    await pass.reconcile()
    expect(pass.comment()).toContain('The rule `place` says no.')
  })

  it('one that has ended, and one that nobody knows', async () => {
    const pass = given()
    await pass.reconcile()
    pass.forge = found({ state: 'merged' })
    const told = await why(pass)
    expect(told.decision.message).toBe('the merge request was merged; the next pass takes its manifest away')
    expect(told.whatWouldChange).toBe('Nothing: the merge request has ended.')
    const other = given()
    other.forge = { kind: 'gone', repository: { id: '7', fullName: 'acme/shop', cloneUrl: '' } }
    expect(await other.why()).toEqual({ kind: 'unknown', why: 'acme/shop has no merge request 142' })
    const elsewhere = mergeRequestKey({ forge: 'gitea', repository: 'acme/docs', number: 1 })
    expect(await other.why(elsewhere)).toMatchObject({ kind: 'unknown' })
  })

  it('says in words what cannot be read, and what a human must do', async () => {
    const pass = given()
    pass.forge = new RetryLater('gitea does not answer', { retryAfterMs: 30_000 })
    expect(await pass.why()).toEqual({ kind: 'later', why: 'gitea does not answer', afterMs: 30_000 })
    await pass.clock.advance(2_001)
    pass.forge = new Stalled('the canary may not read', { brief: 'a canary is missing' })
    expect(await pass.why()).toEqual({ kind: 'failed', why: 'a [secret] is missing' })
  })

  it('a fault of one application is its own answer', async () => {
    const pass = given([anApplication({ url: 'https://{{nowhere}}' }), anApplication({ name: 'docs' })])
    const [broken, well] = explained(await pass.why()).previews
    expect(broken?.decision).toMatchObject({ answer: 'no', rule: null })
    expect(broken?.rulings[0]).toMatchObject({ rule: 'selected', answer: 'yes' })
    expect(well?.decision.answer).toBe('yes')
  })

  it('writes nothing, reports nothing, and one answer serves all who ask at once', async () => {
    const pass = given()
    const written = pass.repository.commits.length
    const told = await Promise.all(Array.from({ length: 50 }, () => pass.why()))
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1)
    await pass.clock.advance(1_999)
    await pass.why()
    expect(pass.reads()).toBe(1)
    await pass.clock.advance(1)
    await pass.why()
    expect(pass.reads()).toBe(2)
    expect(pass.repository.commits).toHaveLength(written)
    expect(pass.reports).toEqual([])
    expect(pass.records()).toEqual([])
  })

  it('whoever asks about one merge request after the other is sent away before the forge is', async () => {
    const pass = given()
    const asked = Array.from({ length: 60 }, (_, index) =>
      pass.why(mergeRequestKey({ forge: 'gitea', repository: 'acme/shop', number: index + 1 })),
    )
    const kinds = (await Promise.all(asked)).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'explained')).toHaveLength(20)
    expect(kinds.filter((kind) => kind === 'later')).toHaveLength(40)
    expect(pass.reads()).toBe(20)
    await pass.clock.advance(2_000)
    expect((await pass.why()).kind).toBe('explained')
  })

  it('tells the ten newest deliveries, the newest first', async () => {
    const pass = given()
    for (let id = 1; id <= 12; id += 1)
      pass.deliveries.note(key, { id: String(id), event: 'pushed', answer: 'taken' })
    const { deliveries, text } = explained(await pass.why())
    expect(deliveries.map(({ id }) => id)).toEqual(['12', '11', '10', '9', '8', '7', '6', '5', '4', '3'])
    expect(text.join('\n')).toContain('pushed, taken (delivery 12)')
  })

  it('a pass that threw is remembered too', async () => {
    const pass = given()
    pass.forge = new RetryLater('gitea does not answer')
    await pass.reconcile().catch(() => undefined)
    pass.forge = found()
    expect(explained(await pass.why())).toMatchObject({
      lastPass: { outcome: 'retry', why: 'gitea does not answer' },
      nextAt: null,
      nextInMs: null,
    })
  })
})
