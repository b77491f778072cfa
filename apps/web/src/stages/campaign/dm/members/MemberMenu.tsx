import { Menu } from '@base-ui/react/menu'
import type { Role, RoomDetails } from '@tablecast/contracts'
import { MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import { buttonClass } from '../../../../ui/button.tsx'
import type { Act } from '../use-act.ts'
import { ConfirmMemberAction } from './ConfirmMemberAction.tsx'
import { type AskedAction, memberActions } from './member-actions.ts'
import { roleWords } from './role-words.ts'

const item =
  'data-[highlighted]:bg-accent data-[highlighted]:text-on-accent flex min-h-11 cursor-pointer items-center rounded-lg px-3'
const assignableRoles = ['dm', 'player', 'spectator'] as const

type Props = { label: string; person: { userId: string; name: string; role: Role }; details: RoomDetails; act: Act }

/** The actions of a DM on a member. Only the owner gives roles and hands the table over. */
export function MemberMenu({ label, person, details, act }: Props) {
  const [asked, setAsked] = useState<AskedAction | null>(null)
  const actions = memberActions(details.room.id, person, act)
  const isOwner = details.role === 'owner'
  return (
    <>
      <Menu.Root>
        <Menu.Trigger
          aria-label={label}
          data-command="At the table"
          data-words="remove ban role hand over"
          className={buttonClass('quiet', '!px-0 w-11 shrink-0')}
        >
          <MoreHorizontal size={17} />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} className="z-[60]">
            <Menu.Popup className="border-line bg-raised rounded-xl border p-1 shadow-xl">
              {isOwner &&
                assignableRoles
                  .filter((role) => role !== person.role)
                  .map((role) => (
                    <Menu.Item key={role} className={item} onClick={() => actions.setRole(role)}>
                      Make {roleWords[role]}
                    </Menu.Item>
                  ))}
              <Menu.Item className={item} onClick={actions.kick}>
                Remove from the table
              </Menu.Item>
              <Menu.Item className={item} onClick={() => setAsked('ban')}>
                Ban…
              </Menu.Item>
              {isOwner && (
                <Menu.Item className={item} onClick={() => setAsked('handOver')}>
                  Hand the table over…
                </Menu.Item>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {asked && (
        <ConfirmMemberAction
          action={asked}
          name={person.name}
          onConfirm={actions[asked]}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  )
}
