// A prepared encounter for benchmarks of fights.
import type { Client, Product } from './product/product.ts'
import type { Where } from './product/sample.ts'

/** Six goblins and a hobgoblin. Answers the encounter's id. */
export async function preparedGoblins(product: Product, dm: Client, where: Where): Promise<string> {
  const creature = async (name: string, count: number) => {
    const { found } = await dm.statBlocks.search.query({ roomId: where.roomId, query: name, limit: 20 })
    const block = found.find((one) => one.name === name)
    if (!block) throw new Error(`there is no ${name}`)
    return { name, count, block: { source: block.source, id: block.id } }
  }
  const plan = { creatures: [await creature('Goblin', 6), await creature('Hobgoblin', 1)] }
  const { id } = await dm.encounters.save.mutate({ ...where, key: product.key(), name: 'Goblins', plan })
  return id
}
