import type { DiceChain, MapOperationType, PictureOperationType, SheetOperationType } from '@tablecast/contracts'
import { counter, gauge, type Metric, wordCounter } from '../../ops/metric.ts'
import type { FightTelemetry } from './fights/fight-telemetry.ts'
import type { LibraryTelemetry } from './library-telemetry.ts'
import type { OperationCounter } from './operation-counter.ts'
import type { CampaignPictures } from './pictures/index.ts'
import type { OpenedNotices } from './notices/index.ts'
import type { OpenScreens } from './screens/open-screens.ts'

export const metricsOf = (
  source: () => LibraryTelemetry,
  fights: () => FightTelemetry,
  pictures: () => Pick<CampaignPictures, 'counts' | 'telemetry'>,
  pictureOperations: () => OperationCounter<PictureOperationType>,
  mapOperations: () => OperationCounter<MapOperationType>,
  sheetOperations: () => OperationCounter<SheetOperationType>,
  diceRolls: () => OperationCounter<DiceChain['kind']>,
  mapTiles: () => { cache: { bytes: number } },
  screens: () => Pick<OpenScreens, 'counts'>,
  notices: () => Pick<OpenedNotices, 'telemetry' | 'waiting' | 'deviceCount'>,
): Metric[] => [
  wordCounter(
    'fight_operations',
    'Operations of fights that were carried out, by type',
    'type',
    () => fights().operations,
  ),
  wordCounter(
    'dice_rolls',
    'Rolls that can be checked, by the kind of their chain',
    'kind',
    () => diceRolls().carriedOut,
  ),
  wordCounter(
    'picture_operations',
    'Operations on pictures and handouts that were carried out, by type',
    'type',
    () => pictureOperations().carriedOut,
  ),
  wordCounter(
    'map_operations',
    'Operations on maps, their fog and their tokens that were carried out, by type',
    'type',
    () => mapOperations().carriedOut,
  ),
  wordCounter(
    'sheet_operations',
    'Operations on sheets of characters that were carried out, by type',
    'type',
    () => sheetOperations().carriedOut,
  ),
  wordCounter(
    'fight_limit_refusals',
    'Changes that were refused because a room has its most stat blocks, or a campaign its most encounters',
    'of',
    () => fights().refused,
  ),
  wordCounter(
    'creature_reads',
    'Files of creatures of other programs that were read for a preview or an import, by outcome',
    'outcome',
    () => fights().creatureReads,
  ),
  wordCounter(
    'scenarios',
    'Scenarios that were read for a preview or an import, by outcome',
    'outcome',
    () => source().scenarios,
  ),
  wordCounter('imports', 'Imports of a campaign, by the form of the file', 'form', () => source().imports),
  wordCounter(
    'library_changes',
    'Campaigns that were duplicated, deleted, restored, or removed 30 days after their deletion',
    'change',
    () => source().kept,
  ),
  counter('imported_page_bytes', 'Bytes of the pages of imported campaigns', [], () => [[{}, source().pageBytes]]),
  gauge('media_bytes', 'Bytes of the pictures of all rooms', [], async () => {
    const { bytes } = await pictures().counts()
    return bytes === null ? [] : [[{}, bytes]]
  }),
  wordCounter(
    'uploads',
    'Pictures that were sent to this node, by outcome',
    'outcome',
    () => pictures().telemetry.outcomes,
  ),
  wordCounter(
    'upload_refusals',
    'Pictures that were refused, by reason',
    'reason',
    () => pictures().telemetry.refusals,
  ),
  gauge('tile_cache_bytes', 'Bytes of the tiles of maps that this node keeps as players see them', [], () => [
    [{}, mapTiles().cache.bytes],
  ]),
  gauge('screens', 'Televisions and overlays that follow this node', ['kind'], () =>
    Array.from(screens().counts, ([kind, count]): [{ kind: string }, number] => [{ kind }, count]),
  ),
  wordCounter('push_sent', 'Notices that push services took, by kind', 'kind', () => notices().telemetry.sent),
  wordCounter(
    'push_failures',
    'Notices that reached no device, by reason',
    'reason',
    () => notices().telemetry.failures,
  ),
  wordCounter(
    'push_dropped',
    'Notices that were given up before they were sent, by reason',
    'reason',
    () => notices().telemetry.drops,
  ),
  gauge('push_waiting', 'Notices that wait for their moment on this node', [], () => [[{}, notices().waiting()]]),
  gauge('push_devices', 'Devices on which people of this server get notices', [], async () => [
    [{}, await notices().deviceCount()],
  ]),
  counter('encoder_deaths', 'Processes that read pictures and were ended before they were done', [], () => [
    [{}, pictures().telemetry.encoderDeaths],
  ]),
]
