import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, httpLink } from '@trpc/client'
import { z } from 'zod'

const Answer = z.object({ error: z.object({ message: z.string() }).optional() })

/** Sends a file as a picture. `message`: the words of a refusal. */
export type PictureSender = (content: Buffer) => Promise<{ status: number; message: string | null }>

/** Signs in a guest with a room of their own, who sends pictures to it. */
export async function pictureSender(url: string): Promise<PictureSender> {
  const client = (token?: string) =>
    createTRPCClient<AppRouter>({
      links: [httpLink({ url: `${url}/trpc`, headers: token ? { authorization: `Bearer ${token}` } : {} })],
    })
  const { token } = await client().auth.guest.mutate({ name: 'Mal' })
  const { room } = await client(token).rooms.create.mutate({ key: 'a-room-of-their-own', name: 'Theirs' })
  return async (content) => {
    const response = await fetch(`${url}/api/rooms/${room.id}/pictures`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: new Blob([Uint8Array.from(content)]),
    })
    const { error } = Answer.parse(await response.json())
    return { status: response.status, message: error?.message ?? null }
  }
}
