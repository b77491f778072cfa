// Text of other programs as plain text: without HTML, without the marks of Markdown, and with links as their words.
import { startOf } from '@tablecast/text'

/** The longest text that is looked at. A stat block keeps less. */
const MAX_SOURCE = 40_000

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: '’',
  nbsp: ' ',
  rsquo: '’',
  lsquo: '‘',
  rdquo: '”',
  ldquo: '“',
  mdash: '—',
  ndash: '–',
  minus: '\u2212',
  hellip: '…',
  times: '×',
  frac12: '½',
}

/** HTML with the enrichers of Foundry VTT. */
export function textOfHtml(html: string): string {
  const plain = startOf(html, MAX_SOURCE)
    .replaceAll(/<(?:br|\/p|\/li|\/h[1-6]|\/tr|\/div)\b[^<>]{0,200}>/gi, '\n')
    .replaceAll(/<[a-z/!][^<>]{0,2000}>/gi, '')
    .replaceAll(
      /&(#?[a-z0-9]{1,10});/gi,
      (all, name: string) => ENTITIES[name.toLowerCase()] ?? characterOf(name) ?? all,
    )
  return tidy(withoutEnrichers(plain))
}

function characterOf(name: string): string | undefined {
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name) ?? []
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  return Number.isInteger(code) && code > 31 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}

const ABILITY = {
  str: 'Strength',
  dex: 'Dexterity',
  con: 'Constitution',
  int: 'Intelligence',
  wis: 'Wisdom',
  cha: 'Charisma',
}
const abilityWord = (short: string): string =>
  Object.entries(ABILITY).find(([key]) => short.toLowerCase().startsWith(key))?.[1] ?? short

/** `@UUID[…]{prone}`, `&Reference[prone]`, `[[/save con 14]]`, `[[/damage 2d6 fire]]`, `[[lookup @name]]` */
function withoutEnrichers(text: string): string {
  return text
    .replaceAll(/@[A-Za-z]{1,20}\[[^\][]{0,300}\]\{([^{}]{0,200})\}/g, '$1')
    .replaceAll(/@[A-Za-z]{1,20}\[([^\][]{0,300})\]/g, (_all, target: string) => target.split(/[.|#]/).at(-1) ?? '')
    .replaceAll(
      /&(?:amp;)?Reference\[([^\][]{0,100})\](?:\{([^{}]{0,100})\})?/g,
      (_all, name: string, label?: string) => label ?? name.replace(/^[a-z]+=/, ''),
    )
    .replaceAll(
      /\[\[\/([a-z]{1,20})\s?([^\][]{0,200})\]\](?:\{([^{}]{0,200})\})?/gi,
      (_all, command: string, rest: string, label?: string) => label ?? rolled(command.toLowerCase(), rest),
    )
    .replaceAll(/\[\[lookup @name(?: lowercase)?\]\]/gi, 'the creature')
    .replaceAll(
      /\[\[([^\][]{0,200})\]\](?:\{([^{}]{0,200})\})?/g,
      (_all, inner: string, label?: string) => label ?? inner,
    )
}

function rolled(command: string, rest: string): string {
  if (command === 'save') {
    const [, ability = '', dc] = /\b(str|dex|con|int|wis|cha)[a-z]*\b.*?(\d{1,2})/i.exec(rest) ?? []
    return dc === undefined ? rest : `DC ${dc} ${abilityWord(ability)} saving throw`
  }
  if (command === 'damage') {
    const [, formula = rest, type = ''] =
      /^\s*(?:formula=)?([0-9d+\- ]{1,40}?)\s*(?:type=)?([a-z]{4,12})?\b/i.exec(rest) ?? []
    return type === '' || type === 'average' ? formula : `${formula.trim()} ${type} damage`
  }
  if (command === 'attack') {
    const bonus = /[+-]\d{1,2}/.exec(rest)?.[0]
    return bonus === undefined ? 'attack' : `${bonus} to hit`
  }
  return rest.split('#')[0]?.trim() ?? ''
}

/** Markdown, with the dice that converters of other compendia write: `dice: d20+7 (+7)`, `dice:2d6 + 4|text(11) (2d6 + 4)`. */
export function textOfMarkdown(markdown: string): string {
  return tidy(
    startOf(markdown, MAX_SOURCE)
      .replaceAll(/`?dice:\s?[^`|()\n]{1,60}\|(?:noform\||avg\|)?text\(([^()`\n]{1,60})\)`?/g, '$1')
      .replaceAll(/`?dice:\s?[^`|()\n]{1,60}(?:\|[a-z]{1,20}){0,4}`?\s?\(([+\u2212-]\d{1,3})\)`?/g, '$1')
      .replaceAll(/`dice:\s?([^`|\n]{1,60})(?:\|[^`\n]{0,60})?`/g, '$1')
      .replaceAll(/!?\[([^\][\n]{0,200})\]\([^()\n]{0,500}\)/g, '$1')
      .replaceAll(
        /!?\[\[([^\][|\n]{0,200})(?:\|([^\][\n]{0,200}))?\]\]/g,
        (_all, target: string, label?: string) => label ?? target,
      )
      .replaceAll(/(\*{1,3}|_{2,3})(?=\S)([^*_\n]{1,300})\1/g, '$2')
      .replaceAll(/(?<![\w_])_(?=\S)([^_\n]{1,300})_(?![\w_])/g, '$1')
      .replaceAll(/<(?:br|\/p|\/li)\b[^<>]{0,100}>/gi, '\n')
      .replaceAll(/<[a-z/][^<>]{0,500}>/gi, ''),
  )
}

const tidy = (text: string): string =>
  text
    .replaceAll(/[ \t\u00a0]{2,}/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
