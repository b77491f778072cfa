// One campaign for the tests that describe its changes.
import { type CampaignState, emptyState } from './state.ts'

export const mira: CampaignState['characters'][number] = {
  id: 'mira',
  name: 'Mira',
  kind: 'pc',
  hp: { current: 12, max: 20, temp: 0 },
  hpVisible: true,
  armourClass: null,
  conditions: ['prone'],
  initiative: null,
  ownerId: null,
  visible: true,
  dmNotes: '',
}
export const sampleState: CampaignState = {
  ...emptyState,
  scene: 'A road',
  characters: [mira, { ...mira, id: 'tobin', name: 'Tobin' }],
  turn: { round: 1, order: ['mira', 'tobin'], current: 'mira' },
  environment: [{ id: 'rain', text: 'Rain', visible: true }],
  threats: [{ id: 'cult', name: 'Cult', detail: 'in the crypt', visible: false }],
  beats: [{ id: 'bell', text: 'Ring the bell', done: false, visible: true }],
}
