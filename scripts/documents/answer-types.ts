// The answer of each procedure, as TypeScript infers it: inputs are schemas at run time, outputs are types alone.
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { API, type Checker, type Symbol, SymbolFlags, type Type, TypeFlags } from 'typescript/unstable/sync'

/** `answers`: by procedure. `types`: every type that these name, with its fields. */
export type AnswerTypes = { answers: ReadonlyMap<string, string>; types: ReadonlyMap<string, string> }

const root = resolve(import.meta.dirname, '../..')
const ROUTER = resolve(root, 'apps/server/src/router.ts')
const CONTRACTS = resolve(root, 'packages/contracts/src')

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
  readonly #types = new Map<string, string>()

  constructor(checker: Checker) {
    this.#checker = checker
  }

  all(): AnswerTypes {
    for (const document of globSync(`${CONTRACTS}/*.ts`).toSorted())
      for (const [, name = ''] of readFileSync(document, 'utf8').matchAll(/^export type (\w+) =/gm)) {
        const symbol = this.#checker.resolveName(name, SymbolFlags.TypeAlias, { document, position: 0 })
        const id = symbol && this.#checker.getDeclaredTypeOfSymbol(symbol).id
        if (id !== undefined && !this.#names.has(id)) this.#names.set(id, name)
      }
    const router = this.#checker.resolveName('AppRouter', SymbolFlags.TypeAlias, { document: ROUTER, position: 0 })
    if (!router) throw new Error('the server has no AppRouter')
    const record = this.#at(this.#checker.getDeclaredTypeOfSymbol(router), '_def', 'record')
    const answers = new Map<string, string>()
    for (const group of this.#checker.getPropertiesOfType(record))
      for (const procedure of this.#checker.getPropertiesOfType(this.#typeOf(group))) {
        const output = this.#at(this.#typeOf(procedure), '_def', '$types', 'output')
        answers.set(`${group.name}.${procedure.name}`, this.#print(output))
      }
    return { answers, types: new Map([...this.#types].toSorted(([one], [other]) => one.localeCompare(other))) }
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
    // Zod's own name for all that JSON can say, which holds itself.
    if (type.getAliasSymbol()?.name === 'JSONType') return 'any JSON'
    const name = this.#names.get(type.id)
    const hasParts = type.isObjectType() || type.isUnionType() || type.isIntersectionType()
    if (name === undefined || !hasParts) return this.#spellOut(type)
    if (!this.#types.has(name)) {
      // Before it is spelled out: a type may hold itself.
      this.#types.set(name, '')
      this.#types.set(name, this.#spellOut(type))
    }
    return name
  }

  #spellOut(type: Type): string {
    if (type.isUnionType()) return this.#union(type.getTypes())
    const isObject = type.isObjectType()
    if (!isObject && !type.isIntersectionType()) return this.#checker.typeToString(type)
    if (isObject && type.isTypeReference()) {
      const [item] = this.#checker.getTypeArguments(type)
      if (item && type.getTarget().getSymbol()?.name === 'AsyncIterable') return this.#stream(item)
      if (item && this.#checker.isArrayLikeType(type)) return `${this.#bracketed(item)}[]`
    }
    const fields = this.#checker.getPropertiesOfType(type).map((property) => this.#field(property))
    const others = this.#checker.getIndexInfosOfType(type).map(({ valueType }) => `[name]: ${this.#print(valueType)}`)
    return `{${[...fields, ...others].join(', ')}}`
  }

  #stream(item: Type): string {
    const data = this.#checker.getPropertyOfType(item, 'data')
    const isTracked = data && this.#checker.getPropertiesOfType(item).length === 2
    return isTracked ? `stream of ${this.#print(this.#typeOf(data))}, tracked` : `stream of ${this.#print(item)}`
  }

  #bracketed(item: Type): string {
    const text = this.#print(item)
    return text.includes(' | ') && !text.startsWith('{') ? `(${text})` : text
  }

  #field(property: Symbol): string {
    const name = `${property.name}${property.flags & SymbolFlags.Optional ? '?' : ''}`
    const text = this.#print(this.#typeOf(property))
    // Most fields are text.
    return text === 'string' ? name : `${name}: ${text}`
  }

  #union(members: readonly Type[]): string {
    const known = members.filter(({ flags }) => !(flags & TypeFlags.Undefined)).map((member) => this.#print(member))
    const texts = known.includes('true') && known.includes('false') ? [...known, 'boolean'] : known
    const shown = texts.includes('boolean') ? texts.filter((text) => text !== 'true' && text !== 'false') : texts
    const unique = [...new Set(shown)]
    return [...unique.filter((text) => text !== 'null'), ...unique.filter((text) => text === 'null')].join(' | ')
  }
}
