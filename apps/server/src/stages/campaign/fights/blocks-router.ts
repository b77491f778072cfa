import {
  ExportCreaturesInput,
  GetBlockInput,
  ImportCreaturesInput,
  PreviewCreaturesInput,
  PutBlocksInput,
  RemoveBlocksInput,
  SearchBlocksInput,
} from '@tablecast/contracts'
import type { Orchestrator } from '@tablecast/orchestrator'
import { roomRequest } from '../../../rooms/change-request.ts'
import { type Procedures, router } from '../../../trpc.ts'

/** Stat blocks: the built-in creatures, and those of the room. DMs alone read them. */
export function blocksRouter({ roomDm }: Procedures, { orchestrator }: { orchestrator: Orchestrator }) {
  const { blocks } = orchestrator.fights
  return router({
    search: roomDm
      .input(SearchBlocksInput)
      .query(({ input: { roomId, query, limit } }) => blocks.search(roomId, query, limit)),
    get: roomDm.input(GetBlockInput).query(({ input: { roomId, block } }) => blocks.get(roomId, block)),
    put: roomDm.input(PutBlocksInput).mutation(({ ctx, input }) => blocks.put(roomRequest(ctx, input))),
    /** The room's own stat blocks as a file of another program. */
    export: roomDm.input(ExportCreaturesInput).query(async ({ input }) => {
      // Loaded with the first export.
      const { exportCreatures } = await import('../creatures/export-creatures.ts')
      return exportCreatures(orchestrator, input)
    }),
    /** The report that an import of this file would return. Stores nothing. */
    previewImport: roomDm
      .input(PreviewCreaturesInput)
      .query(({ ctx, input }) => blocks.previewImport({ ...input, userId: ctx.caller.userId })),
    import: roomDm.input(ImportCreaturesInput).mutation(({ ctx, input }) => blocks.import(roomRequest(ctx, input))),
    remove: roomDm.input(RemoveBlocksInput).mutation(({ ctx, input }) => blocks.remove(roomRequest(ctx, input))),
  })
}
