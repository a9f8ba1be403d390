import type { View } from '../environment-repository/port.ts'
import { explainRulings, whatWouldChange } from '../lifecycle/explain-rulings.ts'
import type { PreviewExplanation, RulesDecision } from '../lifecycle/explanation.ts'
import type { Held, RuleName, Ruling } from '../lifecycle/ruling.ts'
import type { DesiredState } from '../preview/desired-state.ts'
import { Stalled } from '../preview/errors.ts'
import type { PreviewRecord } from '../report/preview-registry.ts'
import { evictedAdvice, forkAdvice, pauseAdvice, policyAdvice } from '../reconcile/advice.ts'
import { isRefusedFork, namesOf } from '../reconcile/describe-result.ts'
import { hasLimits, placeHeld, placeWish } from '../reconcile/place-wish.ts'
import { type Plan, planPreview, readDesiredState } from '../reconcile/plan-preview.ts'
import type { PreviewContext } from '../reconcile/preview-context.ts'
import { pauseRuling, placeRuling, policyRuling, selectedRuling } from '../reconcile/rulings.ts'

/** What was found out, before it is worded. */
interface Verdict {
  readonly rulings: readonly Ruling[]
  readonly decision: RulesDecision
  readonly advice: string
  /** The rule after whose no the others were not asked. */
  readonly blockedBy: RuleName | null
  /** The one that it was rendered from; absent: nothing was rendered. */
  readonly templateFile?: string
}

/** Asks every rule about one preview at one view of the branch, and does nothing about the answers. */
export async function explainPreview(
  context: PreviewContext,
  view: View,
  record: PreviewRecord | null,
): Promise<PreviewExplanation> {
  const { application, preview } = context
  const standing = view.manifestsOf(preview)
  const { rulings, decision, advice, blockedBy, templateFile } = await verdictOf(context, view)
  const isWritten = standing.some(({ sha }) => sha !== null && sha === headOf(context))
  return {
    preview,
    application: application.name,
    name: namesOf(context, standing).name,
    state: record?.state ?? null,
    message: record?.message ?? null,
    decision,
    rulings: explainRulings({
      rulings,
      unconfigured: unconfigured(context),
      blockedBy,
      otherwise: isWritten ? 'this commit is written already' : 'not asked this time',
    }),
    whatWouldChange: whatWouldChange({
      rule: decision.rule,
      advice,
      ended: endOf(context),
      application: application.name,
    }),
    template: await templateAt(context, view, templateFile ?? application.template),
    values: application.shownValues,
  }
}

async function verdictOf(context: PreviewContext, view: View): Promise<Verdict> {
  const pause = pauseRuling(view.pause())
  const asked = await orStalled(readDesiredState(context, context.reading))
  if (asked instanceof Stalled) return stalled(asked, [pause])
  const plan = await orStalled(planPreview(context, asked))
  if (plan instanceof Stalled) return stalled(plan, [selectedRuling(asked, context.reading), pause])
  // What was evicted the branch alone remembers.
  const { desired } = plan
  const known = [selectedRuling(desired, context.reading), pause]
  if (desired.kind === 'absent') return notWanted(context, desired, plan, known)
  const verdict = wanted(context, plan, view, known)
  return plan.rendered === null ? verdict : { ...verdict, templateFile: plan.rendered.templateFile }
}

/** What needs a human is an answer here; all else is the caller's to word. */
async function orStalled<Value>(asked: Promise<Value>): Promise<Value | Stalled> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Stalled) return error
    throw error
  }
}

function stalled(error: Stalled, rulings: readonly Ruling[]): Verdict {
  const message = error.brief ?? error.message
  const advice = 'Whoever operates Mayfly can put right what the message says.'
  return { rulings, decision: { answer: 'no', rule: null, message }, advice, blockedBy: null }
}

function notWanted(
  context: PreviewContext,
  { why, cause }: Extract<DesiredState, { kind: 'absent' }>,
  { change }: Plan,
  rulings: readonly Ruling[],
): Verdict {
  const goes = change.kind === 'write' ? '; the next pass takes its manifest away' : ''
  const refused = isRefusedFork(context) ? forkAdvice : ''
  const advice = cause === 'evicted' ? evictedAdvice : refused
  return { rulings, decision: no('selected', `${why}${goes}`), advice, blockedBy: 'selected' }
}

function wanted(context: PreviewContext, plan: Plan, view: View, known: readonly Ruling[]): Verdict {
  const { admission, rendered, standing, change } = plan
  const rulings = [...known, ...(admission?.rulings ?? [])]
  const blocking = (admission?.rulings ?? []).findLast(({ answer }) => answer === 'no')?.rule ?? null
  if (admission?.held) {
    const { message, advice } = admission.held
    return { rulings, decision: no(blocking, message), advice, blockedBy: blocking }
  }
  // A version that is put back passed every rule before; a pause by hand keeps what stands at this very commit.
  if (rendered === null)
    return { rulings, decision: change.kind === 'write' ? goesOn : stands, advice: '', blockedBy: blocking }
  const [refusal] = rendered.refusals
  const asked = [...rulings, policyRuling(rendered.refusals)]
  if (refusal !== undefined)
    return {
      rulings: asked,
      decision: no('policy', refusal.message),
      advice: policyAdvice,
      blockedBy: 'policy',
    }
  const full = placeOfPlan(context, plan, view)
  const all = [...asked, ...placeRulings(context, standing.length > 0, full)]
  if (change.kind === 'nothing') return { rulings: all, decision: stands, advice: '', blockedBy: null }
  const pause = view.pause()
  if (pause !== null)
    return {
      rulings: all,
      decision: no('pause', pauseRuling(pause).saw),
      advice: pauseAdvice,
      blockedBy: null,
    }
  if (full !== null)
    return { rulings: all, decision: no('place', full.message), advice: full.advice, blockedBy: null }
  return { rulings: all, decision: goesOn, advice: '', blockedBy: null }
}

const stands: RulesDecision = { answer: 'yes', rule: null, message: 'its manifest stands as wanted' }
const goesOn: RulesDecision = { answer: 'yes', rule: null, message: 'the next pass writes its manifest' }

function no(rule: RuleName | null, message: string): RulesDecision {
  return { answer: 'no', rule, message }
}

/** Null: there is a place for it, or none is needed. */
function placeOfPlan(context: PreviewContext, plan: Plan, view: View): Held | null {
  const answer = view.placeFor(context.preview, placeWish(context, plan), context.ports.clock.now())
  return answer.kind === 'free' ? null : placeHeld(context, answer, view)
}

function placeRulings(
  { settings }: PreviewContext,
  isStanding: boolean,
  full: Held | null,
): readonly Ruling[] {
  if (!hasLimits(settings)) return []
  if (isStanding) return [{ rule: 'place', answer: 'yes', saw: 'what stands keeps its place' }]
  return [placeRuling(full)]
}

function unconfigured({ application, settings }: PreviewContext): Partial<Record<RuleName, string>> {
  const { gate, when } = application
  return {
    ...(when.forks === 'never' && when.authors === 'any' ? { trust: 'no approval is asked for' } : {}),
    ...(gate === null || gate.checks.length === 0 ? { checks: 'no check is configured' } : {}),
    ...(gate?.image === true ? {} : { image: 'no image is asked for' }),
    ...(hasLimits(settings) ? {} : { place: 'no limit is configured' }),
  }
}

function headOf({ reading }: PreviewContext) {
  return reading.kind === 'found' ? reading.mergeRequest.sha : null
}

function endOf({ reading }: PreviewContext): 'gone' | 'merged' | 'closed' | null {
  if (reading.kind === 'gone') return 'gone'
  const { state } = reading.mergeRequest
  return state === 'open' ? null : state
}

async function templateAt({ ports }: PreviewContext, view: View, file: string) {
  const found = await ports.repository.template(view, file)
  return { file, blob: found?.blob ?? null }
}
