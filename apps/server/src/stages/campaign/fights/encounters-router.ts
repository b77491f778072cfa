import {
  AddCreaturesInput,
  DifficultyInput,
  EncounterInput,
  EncountersInput,
  RemoveEncounterInput,
  SaveEncounterInput,
  StartEncounterInput,
} from '@tablecast/contracts'
import type { Orchestrator } from '@tablecast/orchestrator'
import { roomRequest } from '../../../rooms/change-request.ts'
import { type Procedures, router } from '../../../trpc.ts'

/** The encounters that DMs prepare. Players have no part in them until they are on. */
export function encountersRouter({ roomDm }: Procedures, { orchestrator }: { orchestrator: Orchestrator }) {
  const { fights } = orchestrator
  return router({
    list: roomDm.input(EncountersInput).query(async ({ input: { roomId, campaignId } }) => ({
      encounters: await fights.encounters.list(roomId, campaignId),
    })),
    get: roomDm
      .input(EncounterInput)
      .query(({ input: { roomId, campaignId, encounterId } }) =>
        fights.encounters.get(roomId, campaignId, encounterId),
      ),
    /** How hard these creatures are for the party of the campaign. */
    difficulty: roomDm.input(DifficultyInput).query(({ input }) => fights.difficulty(input)),
    save: roomDm
      .input(SaveEncounterInput)
      .mutation(({ ctx, input }) => fights.encounters.save(roomRequest(ctx, input))),
    remove: roomDm
      .input(RemoveEncounterInput)
      .mutation(({ ctx, input }) => fights.encounters.remove(roomRequest(ctx, input))),
    /** The operation `startEncounter`, with the creatures of a prepared encounter. */
    start: roomDm.input(StartEncounterInput).mutation(({ ctx, input }) => fights.start(roomRequest(ctx, input))),
    /** The operation `addFighters`, with creatures by their stat blocks. */
    add: roomDm.input(AddCreaturesInput).mutation(({ ctx, input }) => fights.add(roomRequest(ctx, input))),
  })
}
