import type { CampaignState, GameMap } from '@tablecast/contracts'
import { Eye, EyeOff, Grid3x3, ImagePlus, Trash2 } from 'lucide-react'
import { type ChangeEvent, useRef, useState } from 'react'
import { Button, IconButton } from '../../../../ui/button.tsx'
import { Confirm } from '../../../../ui/dialog.tsx'
import { Nothing, Section } from '../../../../ui/section.tsx'
import { whoSees } from '../../dm/who-sees/seen-by.ts'
import { WhoSees } from '../../dm/who-sees/WhoSees.tsx'
import type { Where } from '../../pictures/operate-pictures.ts'
import type { ActOnMaps } from '../operate-maps.ts'
import { thumbnailOf } from '../view/table-map.ts'
import { EmptyMap } from './EmptyMap.tsx'
import { openMap, openMapId, useMapDesk } from './map-desk.ts'
import { mapUploads, useMapUploads } from './map-uploads.ts'
import { UploadRow } from '../../pictures/upload/UploadRow.tsx'
import { useActOnMaps } from './use-act-on-maps.ts'

/** Pictures, and files of Universal VTT, whose kind the browsers do not know. */
const KINDS = 'image/jpeg,image/png,image/webp,image/avif,.dd2vtt,.uvtt,.df2vtt'

export type MapLibraryProps = { where: Where; state: CampaignState }

/** The maps of a campaign: add, prepare, show, close and delete. */
export function MapLibrary({ where, state }: MapLibraryProps) {
  const act = useActOnMaps(where)
  const openId = useMapDesk((desk) => openMapId(state, desk.openId))
  const uploads = useMapUploads(({ list }) => list).filter(({ target }) => target.campaignId === where.campaignId)
  const field = useRef<HTMLInputElement>(null)
  const [isMaking, setIsMaking] = useState(false)
  const maps = state.maps ?? []
  const chosen = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    mapUploads.add([...(currentTarget.files ?? [])], where)
    currentTarget.value = ''
  }
  return (
    <Section title="Maps">
      <input
        ref={field}
        type="file"
        accept={KINDS}
        multiple
        hidden
        aria-label="Files of maps"
        data-testid="map-field"
        onChange={chosen}
      />
      <div className="mb-3 flex flex-wrap gap-2">
        <Button look="primary" className="!px-3" onClick={() => field.current?.click()}>
          <ImagePlus size={17} aria-hidden="true" /> Add a map
        </Button>
        <Button className="!px-3" aria-expanded={isMaking} onClick={() => setIsMaking(!isMaking)}>
          <Grid3x3 size={17} aria-hidden="true" /> Empty grid
        </Button>
      </div>
      {isMaking && (
        <EmptyMap
          act={act}
          done={(id) => {
            setIsMaking(false)
            if (id !== null) openMap(id)
          }}
        />
      )}
      {uploads.map((upload) => (
        <UploadRow key={upload.key} upload={upload} queue={mapUploads} />
      ))}
      {maps.length === 0 ? (
        <Nothing>
          No map yet. A picture, a file of Universal VTT (.dd2vtt, .uvtt) or an empty grid makes one. Players see no
          part of it until you reveal it.
        </Nothing>
      ) : (
        <ul aria-label="Maps" className="flex flex-col gap-2">
          {maps.map((map) => (
            <MapRow
              key={map.id}
              {...{ where, map, act }}
              isShown={state.shownMap?.mapId === map.id}
              isOpen={openId === map.id}
            />
          ))}
        </ul>
      )}
      <p className="text-soft mt-3 text-xs">Hiding a part again does not make players forget it.</p>
    </Section>
  )
}

type RowProps = { where: Where; map: GameMap; isShown: boolean; isOpen: boolean; act: ActOnMaps }

function MapRow({ where, map, isShown, isOpen, act }: RowProps) {
  const { id, title } = map
  return (
    <li className={`border-line rounded-xl border p-2 ${isOpen ? 'border-accent' : ''}`}>
      <div className="flex items-center gap-2">
        <div className="min-w-0 grow">
          <button
            type="button"
            aria-current={isOpen ? 'true' : undefined}
            className="flex min-h-11 w-full items-center gap-3 rounded-lg text-start font-semibold"
            onClick={() => openMap(id)}
          >
            <img
              src={thumbnailOf(where.campaignId, map)}
              alt=""
              loading="lazy"
              decoding="async"
              className="bg-raised h-14 w-20 shrink-0 rounded-lg object-cover"
            />
            <span dir="auto" className="min-w-0 [overflow-wrap:anywhere]">
              <span className="sr-only">Open </span>
              {title}
            </span>
          </button>
          {isShown && <p className="text-accent mt-1 text-xs font-semibold">Players see it</p>}
        </div>
        <WhoSees of={title} seenBy={whoSees({ visible: isShown })} note={isShown ? 'Fog hides parts of it.' : null} />
        <IconButton
          label={isShown ? `Close ${title} for players` : `Show ${title} to players`}
          onClick={() => void act({ type: 'showMap', id: isShown ? null : id })}
        >
          {isShown ? <EyeOff size={18} /> : <Eye size={18} />}
        </IconButton>
        <Confirm
          title={`Delete ${title}?`}
          text="Its fog, tokens and areas go with it. “Undo” above the story brings all of it back."
          action="Delete it"
          danger
          trigger={
            <IconButton label={`Delete ${title}`}>
              <Trash2 size={17} />
            </IconButton>
          }
          onConfirm={() => void act({ type: 'removeMap', id })}
        />
      </div>
    </li>
  )
}
