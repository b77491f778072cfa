// The answer of each procedure, as TypeScript infers it: inputs are schemas at run time, outputs are types alone.
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { API, type Checker, type Symbol, SymbolFlags, type Type, TypeFlags } from 'typescript/unstable/sync'
import { inOneLine, type TypeText } from './type-text.ts'

/** `answers`: by procedure. `types`: every type that these name. */
export type AnswerTypes = { answers: ReadonlyMap<string, string>; types: ReadonlyMap<string, TypeText> }

const root = resolve(import.meta.dirname, '../..')
const ROUTER = resolve(root, 'apps/server/src/router.ts')
/** The types with a name of their own in the document. */
const NAMED_TYPES = [
  'packages/contracts/src/*.ts',
  'packages/bestiary/src/stat-block.ts',
  'packages/bestiary/src/sheet.ts',
  'packages/rules/src/fighter.ts',
]

/** Takes seconds: the compiler reads the server. */
export function answerTypes(): AnswerTypes {
  const api = new API({ cwd: root })
  try {
    const snapshot = api.updateSnapshot({ openProjects: [resolve(root, 'apps/server/tsconfig.json')] })
    const [project] = snapshot.getProjects()
    if (!project) throw new Error('the compiler opened no project')
    return new Printer(project.checker).all()
  } finally {
    api.close()
  }
}

class Printer {
  readonly #checker: Checker
  /** The contracts' names, by what they stand for: a type that a schema infers keeps no name of its own. */
  readonly #names = new Map<number, string>()
  /** The contracts' types with a parameter, by name: `ListPatch`. */
  readonly #generics = new Map<string, Type>()
  /** The named unions. A union in a union has no id of its own there: only its members can tell it. */
  readonly #unions: { name: string; type: Type; members: readonly Type[] }[] = []
  readonly #types = new Map<string, TypeText>()

  constructor(checker: Checker) {
    this.#checker = checker
  }

  all(): AnswerTypes {
    this.#readNames()
    const router = this.#checker.resolveName('AppRouter', SymbolFlags.TypeAlias, { document: ROUTER, position: 0 })
    if (!router) throw new Error('the server has no AppRouter')
    const record = this.#at(this.#checker.getDeclaredTypeOfSymbol(router), '_def', 'record')
    const answers = new Map<string, string>()
    for (const group of this.#checker.getPropertiesOfType(record))
      for (const procedure of this.#checker.getPropertiesOfType(this.#typeOf(group))) {
        const output = this.#at(this.#typeOf(procedure), '_def', '$types', 'output')
        answers.set(`${group.name}.${procedure.name}`, this.#print(output))
      }
    return { answers, types: this.#types }
  }

  #readNames(): void {
    for (const document of globSync(NAMED_TYPES, { cwd: root })
      .toSorted()
      .map((file) => resolve(root, file)))
      for (const [, name = '', parameters] of readFileSync(document, 'utf8').matchAll(
        /^export type (\w+)(<.+>)? =/gm,
      )) {
        const symbol = this.#checker.resolveName(name, SymbolFlags.TypeAlias, { document, position: 0 })
        const type = symbol && this.#checker.getDeclaredTypeOfSymbol(symbol)
        if (!type || this.#names.has(type.id)) continue
        if (parameters) {
          this.#generics.set(name, type)
          continue
        }
        this.#names.set(type.id, name)
        if (type.isUnionType()) this.#unions.push({ name, type, members: type.getTypes() })
      }
    this.#unions.sort((one, other) => other.members.length - one.members.length)
  }

  #typeOf(symbol: Symbol): Type {
    const type = this.#checker.getTypeOfSymbol(symbol)
    if (!type) throw new Error(`${symbol.name} has no type`)
    return type
  }

  #at(type: Type, ...path: string[]): Type {
    return path.reduce((one, name) => {
      const property = this.#checker.getPropertyOfType(one, name)
      if (!property) throw new Error(`there is no ${name}`)
      return this.#typeOf(property)
    }, type)
  }

  #print(type: Type): string {
    const alias = type.getAliasSymbol()?.name
    // Zod's own name for all that JSON can say, which holds itself.
    if (alias === 'JSONType') return 'any JSON'
    const name = this.#names.get(type.id)
    if (name !== undefined && hasParts(type)) return this.#named(name, type)
    if (alias !== undefined && (isOpen(type) || this.#generics.has(alias))) return this.#applied(alias, type)
    return this.#spellOut(type)
  }

  /** `ListPatch<Character>`; the list of types explains `ListPatch<T>`. */
  #applied(alias: string, type: Type): string {
    const written = (one: Type) => {
      const given = one.getAliasTypeArguments().map((argument) => this.#print(argument))
      return `${alias}<${given.join(', ')}>`
    }
    const declared = this.#generics.get(alias)
    if (declared) this.#named(written(declared), declared)
    return written(type)
  }

  #named(name: string, type: Type): string {
    if (!this.#types.has(name)) {
      // Before it is spelled out: a type may hold itself.
      this.#types.set(name, { kind: 'fields', parts: [] })
      this.#types.set(name, this.#partsOf(type))
    }
    return name
  }

  #partsOf(type: Type): TypeText {
    if (type.isUnionType()) return { kind: 'variants', parts: this.#variants(type) }
    return { kind: 'fields', parts: this.#fields(type) }
  }

  #spellOut(type: Type): string {
    if (type.isUnionType()) return inOneLine(this.#partsOf(type))
    const isObject = type.isObjectType()
    if (!isObject && !type.isIntersectionType()) return this.#checker.typeToString(type)
    if (isObject && type.isTypeReference()) {
      const [item] = this.#checker.getTypeArguments(type)
      if (item && type.getTarget().getSymbol()?.name === 'AsyncIterable') return this.#stream(item)
      if (item && this.#checker.isArrayLikeType(type)) return `${this.#bracketed(item)}[]`
    }
    if (type.isIntersectionType() && type.getTypes().some(isOpen))
      return type
        .getTypes()
        .map((part) => this.#print(part))
        .join(' & ')
    return inOneLine(this.#partsOf(type))
  }

  #fields(type: Type): string[] {
    const fields = this.#checker.getPropertiesOfType(type).map((property) => this.#field(property))
    const others = this.#checker.getIndexInfosOfType(type).map(({ valueType }) => `[name]: ${this.#print(valueType)}`)
    return [...fields, ...others]
  }

  #stream(item: Type): string {
    const data = this.#checker.getPropertyOfType(item, 'data')
    const isTracked = data && this.#checker.getPropertiesOfType(item).length === 2
    return isTracked ? `stream of ${this.#print(this.#typeOf(data))}, tracked` : `stream of ${this.#print(item)}`
  }

  #bracketed(item: Type): string {
    const text = this.#print(item)
    return / [|&] /.test(text) && (item.isUnionType() || !text.startsWith('{')) ? `(${text})` : text
  }

  #field(property: Symbol): string {
    const name = `${property.name}${property.flags & SymbolFlags.Optional ? '?' : ''}`
    const text = this.#print(this.#typeOf(property))
    // Most fields are text.
    return text === 'string' ? name : `${name}: ${text}`
  }

  #variants(union: Type & { getTypes(): readonly Type[] }): string[] {
    let rest = union.getTypes().filter(({ flags }) => !(flags & TypeFlags.Undefined))
    const names: string[] = []
    for (const { name, type, members } of this.#unions) {
      if (type.id === union.id || !isNamedIn(rest, members)) continue
      names.push(this.#named(name, type))
      rest = without(rest, members)
    }
    const known = [...names, ...rest.map((member) => this.#print(member))]
    const texts = known.includes('true') && known.includes('false') ? [...known, 'boolean'] : known
    const shown = texts.includes('boolean') ? texts.filter((text) => text !== 'true' && text !== 'false') : texts
    const unique = [...new Set(shown)]
    return [...unique.filter((text) => text !== 'null'), ...unique.filter((text) => text === 'null')]
  }
}

const hasParts = (type: Type): boolean => type.isObjectType() || type.isUnionType() || type.isIntersectionType()

/** Whether it depends on a type parameter. */
const isOpen = (type: Type): boolean => type.getAliasTypeArguments().some((argument) => argument.isTypeParameter())

const without = (types: readonly Type[], taken: readonly Type[]): Type[] =>
  types.filter(({ id }) => taken.every((one) => one.id !== id))

/** A union of texts is named as a whole or not at all: `Audience | "owner"` would say less than the texts do. */
function isNamedIn(types: readonly Type[], members: readonly Type[]): boolean {
  const left = without(types, members)
  if (types.length - left.length !== members.length) return false
  return members.every((member) => !member.isStringLiteralType()) || left.every(({ flags }) => flags & TypeFlags.Null)
}
