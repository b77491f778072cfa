import { OperatePicturesInput } from '@tablecast/contracts'
import type { Orchestrator } from '@tablecast/orchestrator'
import { roomRequest } from '../../../rooms/change-request.ts'
import { type Procedures, router } from '../../../trpc.ts'

/** Handouts, the picture of the scene, and portraits. Their bytes come and go over HTTP. */
export function picturesRouter({ roomPlayer }: Procedures, { orchestrator }: { orchestrator: Orchestrator }) {
  return router({
    /** One operation on pictures. Players set the portraits of their own characters. */
    operate: roomPlayer
      .input(OperatePicturesInput)
      .mutation(({ ctx, input }) => orchestrator.pictures.operate(roomRequest(ctx, input))),
  })
}
