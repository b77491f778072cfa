import { OneMapInput, OperateMapsInput } from '@tablecast/contracts'
import type { Orchestrator } from '@tablecast/orchestrator'
import { roomRequest } from '../../../rooms/change-request.ts'
import { type Procedures, router } from '../../../trpc.ts'

/** Maps, their fog and tokens. The pixels go over HTTP. */
export function mapsRouter({ roomPlayer, roomDm }: Procedures, { orchestrator }: { orchestrator: Orchestrator }) {
  return router({
    /** One operation on maps. Players move their own tokens, and place areas. */
    operate: roomPlayer
      .input(OperateMapsInput)
      .mutation(({ ctx, input }) => orchestrator.maps.operate(roomRequest(ctx, input))),
    /** The whole fog of a map. */
    fog: roomDm.input(OneMapInput).query(({ input }) => orchestrator.maps.fog(input)),
    /** The walls, doors and lights that the file of a map brought beside its picture. */
    walls: roomDm.input(OneMapInput).query(({ input }) => orchestrator.maps.walls(input)),
  })
}
