// Files that an attacker sends as pictures, while a table goes on.
import {
  boastfulFiles,
  foreignFiles,
  mutated,
  type Mutation,
  mutationKinds,
  packedZeros,
  polyglots,
  sampleKinds,
  samplePicture,
} from '@tablecast/media/testing'
import type { Chance } from '@tablecast/market-sim'
import type { Memory } from '@tablecast/server/testing/watched'
import { pictureSender } from '../picture-sender.ts'
import { attackScenario } from './attack.ts'

const FILES = 10_000
/** As many as the server takes from one address. */
const AT_A_TIME = 2
const MB = 1_000_000
/** More than before in buffers, after everything was answered: what the table has written meanwhile is remembered here and there. */
const LEFT_MAX = 24 * MB

const inBuffers = ({ external, arrayBuffers }: Memory) => Math.max(external, arrayBuffers)

export const hostilePictures = attackScenario({
  name: 'hostile-pictures',
  title: 'a DM of another room sends damaged, huge and false pictures',
  environment: { UPLOADS_PER_HOUR: '1000000', MEDIA_MIN_FREE_BYTES: '0' },
  async attack({ cluster, table, context, watches: [watch] }) {
    if (!watch) throw new Error('there is no node')
    const send = await pictureSender(cluster.url)
    const answers = new Map<number, number>()
    const expectAnswer = async (content: Buffer, name: string) => {
      const { status } = await send(content)
      answers.set(status, (answers.get(status) ?? 0) + 1)
      if (status !== 200 && status !== 422) table.complain(`${name}: an answer of ${status}`)
    }
    const whole = await samplePicture('png')
    await expectAnswer(whole, 'a whole picture')
    const before = await watch.memory()
    const made = [...(await boastfulFiles()), ...(await foreignFiles()), ...(await polyglots())]
    for (const { name, content } of [...made, { name: 'packed zeros', content: packedZeros() }])
      await expectAnswer(content, name)
    const next = mutationsOf(await Promise.all(sampleKinds.map((kind) => samplePicture(kind))), context.chance)
    let left = FILES
    const lane = async () => {
      while (left-- > 0) await expectAnswer(next(), 'a changed file')
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, lane))
    await expectAnswer(whole, 'a whole picture after all others')
    const grown = inBuffers(await watch.memory()) - inBuffers(before)
    if (grown > LEFT_MAX) table.complain(`${Math.round(grown / MB)} MB more than before are in buffers`)
    const statuses = [...answers].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`)
    return { rounds: FILES, notes: [`${statuses.join(', ')}; ${Math.round(grown / MB)} MB more in buffers`] }
  },
})

/** A function that makes the next file: a sample with one to four changes. */
function mutationsOf(samples: readonly Buffer[], chance: Chance): () => Buffer {
  const mutation = (): Mutation => ({
    kind: chance.pick(mutationKinds),
    at: chance.next(),
    length: chance.next(),
    byte: Math.floor(chance.next() * 256),
  })
  return () => mutated(chance.pick(samples), Array.from({ length: 1 + Math.floor(chance.next() * 4) }, mutation))
}
