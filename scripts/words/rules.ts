import type { Prose } from './prose.ts'

/** A word, a turn of speech or a shape of text that is not written here. */
export interface Rule {
  /** Names the rule in findings, exceptions and tests. */
  id: string
  in: readonly Prose['kind'][]
  /** With `each: 'sentence'` the expression sees one sentence at a time, and no questions. */
  find: RegExp
  each?: 'sentence'
  /** Only files whose path matches. */
  path?: RegExp
  /** What to write in its place. */
  write: string
}

const SENTENCES = ['comment', 'paragraph', 'title'] as const
const PROSE = [...SENTENCES, 'heading', 'cell', 'message'] as const
const NAMES = ['name'] as const

const riddles: readonly Rule[] = [
  {
    id: 'who-subject',
    in: SENTENCES,
    each: 'sentence',
    find: /^(?:who|whom|whose)\b/i,
    write: 'name the person or the part: “a removed member …”, “the caller …”, “a client that …”',
  },
  {
    id: 'what-subject',
    in: SENTENCES,
    each: 'sentence',
    find: /^what(?:ever)?\b(?! to\b)/i,
    write: 'name the thing: “the messages of a turn …”, “fields that …”; a description begins with its noun or verb',
  },
  {
    id: 'so-many',
    in: PROSE,
    find: /\bso (?:many|often)\b(?! that\b)|\bso long\b(?! (?:that|as)\b)/i,
    write: 'the number, its name or its unit: “`limit` rows”, “for `timeoutMs`”, “a limited number of …”',
  },
  {
    id: 'whoever',
    in: PROSE,
    find: /\bwhoever\b/i,
    write: 'name the person or the part: “the caller”, “a client that …”',
  },
  {
    id: 'told',
    in: PROSE,
    find: /\b(?:is|are|was|were|be|been|being|am) (?:not |never |only |then |also |still )?told\b(?! apart\b)/i,
    write: 'say who tells it: “the server sends …”, “the client receives …”, “the page shows …”',
  },
  {
    id: 'none',
    in: PROSE,
    find: /(?<!\bthere )\b(?:is|are|was|were) none\b(?! of these\b| the\b)/i,
    write: '“is not a …” or “there is no …”',
  },
  { id: 'anew', in: PROSE, find: /\banew\b/i, write: '“again”, “from the start” or “a new …”' },
  {
    id: 'away',
    in: PROSE,
    find: /\b(?:is|are|was|were|be|been|being|stays|stayed|sent|sends) away\b(?! from\b)/i,
    write: 'the state: “disconnected”, “unreachable”, “asleep”, “closed”; an invite is “turned away”',
  },
  { id: 'at-the-most', in: PROSE, find: /\bat the (?:most|least)\b/i, write: '“at most”, “at least”' },
  {
    id: 'doing',
    in: PROSE,
    find: /\b(?:the same|anybody['’]s|somebody['’]s|nobody['’]s) doing\b/i,
    write: 'the action: “the same action”',
  },
  {
    id: 'over-into',
    in: PROSE,
    find: /\b(?:go|goes|went|gone) over into\b/i,
    write: 'a guest “gets an account”, a seat “moves to” a user',
  },
]

/** One word for one thing; docs/glossary.md has the list. */
const words: readonly Rule[] = [
  {
    id: 'off-the-ring',
    in: PROSE,
    find: /\boff the ring\b/i,
    write: '“fell behind retention”; the choice is the “overflow policy”',
  },
  {
    id: 'writer-lease',
    in: [...PROSE, ...NAMES],
    find: /\bwriter[ -]lease\b|^\w*writer_?lease\w*$/i,
    write: '“leader lease”, `LeaderLease`',
  },
  { id: 'retold', in: PROSE, find: /\bretold\b(?! apart\b)/i, write: '“redelivered”' },
  { id: 'compat', in: [...PROSE, ...NAMES], find: /\bcompat\b|^\w*compat(?!ib)\w*$/i, write: '“plain endpoints”' },
  {
    id: 'trouble-logged',
    in: ['message'],
    find: /^trouble$/i,
    write: 'which part failed at what: “arena relay: background task failed”',
  },
  {
    id: 'parts',
    in: NAMES,
    find: /^(?:[A-Z]\w*)?(?:Parts|Given)$/,
    write: '`…Deps` for collaborators, `…Options` for values',
  },
  {
    id: 'streams-class',
    path: /^apps\/server\//,
    in: NAMES,
    find: /^Streams$/,
    write: '`StreamClosers`: a stream is the stored log',
  },
  { id: 'tables-class', in: NAMES, find: /^Tables$/, write: '`Repositories`: a table is SQL’s' },
  {
    id: 'narration',
    in: NAMES,
    find: /^Narration$/,
    write: '`NarrationResult` for the result, `NarratorTurns` for the class',
  },
  {
    id: 'access-version',
    in: NAMES,
    find: /^#?(?:mayGoOut|countAccess)$/,
    write: 'the counter’s name: `accessVersion`',
  },
  {
    id: 'door',
    path: /^(?:apps\/server|packages)\//,
    in: NAMES,
    find: /^#?(?:doors?|(?:[a-z]\w*|[A-Z]\w*)?Doors?[A-Z]?\w*)$/,
    write: '`endpoint` for a place where clients connect',
  },
  {
    id: 'heard',
    path: /^(?:apps\/server|packages)\//,
    in: NAMES,
    find: /^#?(?:heard|wasHeard|isHeard|heardBy)$/,
    write: '`received`',
  },
  {
    id: 'presence-names',
    path: /^apps\/server\/.*\/presence[\w-]*\.ts$/,
    in: NAMES,
    find: /^(?:Known|Seen|Whole)$/,
    write: '`PresentPerson`, `ChangeAudience`, `RosterMessage`',
  },
  { id: 'let-go', in: NAMES, find: /^#?letGo$/, write: '`cleanup`, `close` or `release`' },
  { id: 'passing', in: NAMES, find: /^PASSING$/, write: '`anonymous`' },
  { id: 'may-listen', in: NAMES, find: /^#?mayListen$/, write: '`assertStillMember`' },
  { id: 'telemetry-told', in: NAMES, path: /ops\/telemetry\.ts$/, find: /^told$/, write: '`errorReturned`' },
]

export const rules: readonly Rule[] = [...riddles, ...words]

/** A line of Markdown wraps here; tables, links and code may be longer. */
export const MAX_LINE_LENGTH = 110
export const MAX_PARAGRAPH_LINES = 5
