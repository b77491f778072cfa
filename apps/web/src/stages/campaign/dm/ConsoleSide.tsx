import { Tabs } from '@base-ui/react/tabs'
import type { CampaignState, RoomDetails } from '@tablecast/contracts'
import { ChevronDown } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { YourName } from '../../../auth/YourName.tsx'
import { useCommands } from '../../../keys/commands.ts'
import { IconButton } from '../../../ui/button.tsx'
import { AsWritten, Guard } from '../../../ui/guard.tsx'
import { Section } from '../../../ui/section.tsx'
import { EncounterPanel } from '../fight/parts.ts'
import { EncounterCommands } from '../fight/EncounterCommands.tsx'
import { MapLibrary } from '../maps/dm/parts.ts'
import { HandoutTray } from '../pictures/dm/parts.ts'
import { usePictureCommands } from '../pictures/dm/use-picture-commands.ts'
import { CharacterList } from './characters/CharacterList.tsx'
import { CheckDiceButton } from '../dice/CheckDiceButton.tsx'
import { DraftField } from './DraftField.tsx'
import { Roster } from './members/Roster.tsx'
import { NarratorSettings } from './NarratorSettings.tsx'
import { NamedPages, Pages } from './Pages.tsx'
import { TurnEditor } from './TurnEditor.tsx'
import { consoleTabs, type TabName } from './console-tabs.ts'
import { ScreenCommands, ScreensDialog } from './screens/ScreensDialog.tsx'
import { sideCommands } from './side-commands.ts'
import { useTurnCommands } from './use-turn-commands.ts'
import { ViewAs } from './view-as/ViewAs.tsx'
import { WorldEditor } from './WorldEditor.tsx'

type Props = {
  roomId: string
  campaignId: string
  state: CampaignState
  details: RoomDetails
  /** Null: folded to the line of the tabs, as in a fight. */
  shown: TabName | null
  onShow: (tab: TabName | null) => void
  onChanged: () => void
}

/** The editors of the campaign and the table through a player’s eyes, one tab each. */
export function ConsoleSide({ roomId, campaignId, state, details, shown, onShow, onChanged }: Props) {
  const [pageId, setPageId] = useState<string | null>(null)
  const openPage = (id: string) => {
    setPageId(id)
    onShow('pages')
  }
  const where = { roomId, campaignId }
  const turns = useTurnCommands(roomId, state)
  useCommands(() => sideCommands(state, state.encounter ? null : turns, onShow))
  usePictureCommands(where, state, onShow)
  const isFight = Boolean(state.encounter)
  return (
    <Tabs.Root value={shown} onValueChange={(value: TabName) => onShow(value)} className="flex min-h-0 grow flex-col">
      <EncounterCommands where={where} show={onShow} />
      <ScreenCommands roomId={roomId} />
      <div className="border-line flex shrink-0 border-b">
        <Tabs.List aria-label="Console" className="fades-sideways flex min-w-0 grow overflow-x-auto">
          {consoleTabs.map(([value, label]) => (
            <Tabs.Tab
              key={value}
              value={value}
              className="text-soft data-[active]:text-accent data-[active]:border-accent min-h-11 min-w-11 shrink-0 border-b-2 border-transparent px-2 text-xs font-semibold lg:min-w-0 lg:grow lg:px-0.5"
            >
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {isFight && shown !== null && (
          <IconButton label="Fold the tabs" onClick={() => onShow(null)}>
            <ChevronDown size={18} />
          </IconButton>
        )}
      </div>
      <TabPanel tab="table" state={state}>
        <Section title="At the table">
          <YourName name={details.me.name} look="mb-1" />
          <Roster details={details} onChanged={onChanged} />
        </Section>
        {!isFight && (
          <Section title="Turns">
            <TurnEditor roomId={roomId} state={state} />
          </Section>
        )}
        <Section title="Screens and dice">
          <div className="flex flex-wrap gap-2">
            <ScreensDialog roomId={roomId} />
            <CheckDiceButton roomId={roomId} campaignId={campaignId} isDm hasWords />
          </div>
        </Section>
      </TabPanel>
      <TabPanel tab="encounters" state={state}>
        <EncounterPanel where={where} state={state} />
      </TabPanel>
      <TabPanel tab="characters" state={state}>
        <CharacterList where={where} state={state} members={details.members} />
      </TabPanel>
      <TabPanel tab="world" state={state}>
        <WorldEditor state={state} where={where} />
      </TabPanel>
      <TabPanel tab="maps" state={state}>
        <MapLibrary where={where} state={state} />
      </TabPanel>
      <TabPanel tab="handouts" state={state}>
        <HandoutTray where={where} state={state} members={details.members} />
      </TabPanel>
      <TabPanel tab="notes" state={state}>
        <DraftField
          label="DM notes"
          rows={16}
          maxLength={20_000}
          value={state.dmNotes}
          draftKey={`${campaignId}.notes`}
          toPatch={(dmNotes) => ({ dmNotes })}
        />
        <NamedPages where={where} notes={state.dmNotes} open={openPage} />
      </TabPanel>
      <TabPanel tab="pages" state={state}>
        <Pages where={where} openId={pageId} open={setPageId} />
      </TabPanel>
      <TabPanel tab="narrator" state={state}>
        <NarratorSettings roomId={roomId} />
      </TabPanel>
      <TabPanel tab="preview" state={state}>
        <ViewAs roomId={roomId} members={details.members} />
      </TabPanel>
    </Tabs.Root>
  )
}

type TabPanelProps = { tab: TabName; state: CampaignState; children: ReactNode }

/** A panel that fails to draw leaves the others in place, and is drawn again with the next change of the state. */
function TabPanel({ tab, state, children }: TabPanelProps) {
  return (
    <Tabs.Panel value={tab} data-tab={tab} className="min-h-0 grow overflow-y-auto p-4">
      <Guard of={state} instead={<AsWritten text="This part can’t be shown. Its content is safe on the server." />}>
        {children}
      </Guard>
    </Tabs.Panel>
  )
}
