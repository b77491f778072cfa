// What a DM may do about somebody at the table.
import { Menu } from '@base-ui/react/menu'
import type { Role, RoomDetails } from '@tablecast/contracts'
import { MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import { api, newKey } from '../../../api.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/dialog.tsx'
import type { Act } from './use-act.ts'

export const roleWords: Record<Role, string> = {
  owner: 'owner',
  dm: 'co-DM',
  player: 'player',
  spectator: 'spectator',
}

const item =
  'data-[highlighted]:bg-accent data-[highlighted]:text-on-accent flex min-h-11 cursor-pointer items-center rounded-lg px-3'

type Props = { label: string; person: { userId: string; name: string; role: Role }; details: RoomDetails; act: Act }

export function MemberMenu({ label, person, details, act }: Props) {
  const { userId, name, role } = person
  const [asks, setAsks] = useState<'ban' | 'handOver' | null>(null)
  const call = () => ({ roomId: details.room.id, key: newKey(), userId })
  const isOwner = details.role === 'owner'
  const questions = {
    ban: {
      title: `Ban ${name}?`,
      text: 'They are out at once and can not come back. A guest may still come under another name by the same link: make a new link, or lock the table.',
      action: 'Ban',
      go: () => act(() => api.rooms.ban.mutate(call()), `${name} is banned`),
    },
    handOver: {
      title: `Hand the table over to ${name}?`,
      text: 'They become the owner, and you a co-DM. Only they can give it back.',
      action: 'Hand over',
      go: () => act(() => api.rooms.handOver.mutate(call()), `${name} owns the table now`),
    },
  }
  const question = asks && questions[asks]
  return (
    <>
      <Menu.Root>
        <Menu.Trigger aria-label={label} className={buttonClass('quiet', '!px-0 w-11 shrink-0')}>
          <MoreHorizontal size={17} />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} className="z-[60]">
            <Menu.Popup className="border-line bg-raised rounded-xl border p-1 shadow-xl">
              {isOwner &&
                (['dm', 'player', 'spectator'] as const)
                  .filter((other) => other !== role)
                  .map((other) => (
                    <Menu.Item
                      key={other}
                      className={item}
                      onClick={() =>
                        act(
                          () => api.rooms.setRole.mutate({ ...call(), role: other }),
                          `${name} is ${roleWords[other]} now`,
                        )
                      }
                    >
                      Make {roleWords[other]}
                    </Menu.Item>
                  ))}
              <Menu.Item
                className={item}
                onClick={() => act(() => api.rooms.kick.mutate(call()), `${name} was removed`)}
              >
                Remove from the table
              </Menu.Item>
              <Menu.Item className={item} onClick={() => setAsks('ban')}>
                Ban…
              </Menu.Item>
              {isOwner && (
                <Menu.Item className={item} onClick={() => setAsks('handOver')}>
                  Hand the table over…
                </Menu.Item>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {question && (
        <Confirm
          title={question.title}
          text={question.text}
          action={question.action}
          danger
          open
          onOpenChange={(isOpen) => isOpen || setAsks(null)}
          onConfirm={question.go}
        />
      )}
    </>
  )
}
