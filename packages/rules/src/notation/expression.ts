// The shape of a dice expression after it was read.

/** Characters of an expression, without its label. */
export const MAX_EXPRESSION = 200
/** Characters of a label. */
export const MAX_LABEL = 100
/** Dice that one roll may throw, with those that explode or are thrown again. */
export const MAX_THROWN = 1_000
export const MAX_SIDES = 1_000_000
/** Brackets within brackets. */
export const MAX_DEPTH = 20

/** A text after it was read: `text` is the expression as it was written, without the label. */
export type Notation = { expression: Expression; label: string; text: string }

export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'dice'; count: Expression; sides: Sides; modifiers: Modifier[] }
  | { kind: 'group'; parts: Expression[]; modifiers: Modifier[] }
  | { kind: 'binary'; operator: Operator; left: Expression; right: Expression }
  | { kind: 'negate'; of: Expression }
  | { kind: 'call'; name: FunctionName; of: Expression[] }

/** `F`: a fate die with two sides each of -1, 0 and 1. `F1`: one of its six sides is -1, one is 1. */
export type Sides = Expression | 'F' | 'F1'

export type Operator = '+' | '-' | '*' | '/' | '%' | '**'

export const functionNames = ['abs', 'ceil', 'floor', 'max', 'min', 'pow', 'round', 'sign', 'sqrt'] as const
export type FunctionName = (typeof functionNames)[number]

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>='
export type Compare = { comparison: Comparison; value: number }

/** Without `compare`, `explode` looks for the highest side and `reroll` for the lowest. */
export type Modifier =
  | { kind: 'min'; value: number }
  | { kind: 'max'; value: number }
  | { kind: 'explode'; compounds: boolean; penetrates: boolean; compare: Compare | null }
  | { kind: 'reroll'; once: boolean; compare: Compare | null }
  | { kind: 'unique'; once: boolean; compare: Compare | null }
  | { kind: 'keep'; end: 'highest' | 'lowest'; count: number }
  | { kind: 'drop'; end: 'highest' | 'lowest'; count: number }
  | { kind: 'success'; compare: Compare }
  | { kind: 'failure'; compare: Compare }
  | { kind: 'criticalSuccess'; compare: Compare | null }
  | { kind: 'criticalFailure'; compare: Compare | null }
  | { kind: 'sort'; descending: boolean }

/** The order in which modifiers act, whatever the order in which they are written. */
export const modifierOrder = [
  'min',
  'max',
  'explode',
  'reroll',
  'unique',
  'keep',
  'drop',
  'success',
  'failure',
  'criticalSuccess',
  'criticalFailure',
  'sort',
] as const satisfies readonly Modifier['kind'][]
