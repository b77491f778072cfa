export function WaitingForCampaign({ isRoomKnown }: { isRoomKnown: boolean }) {
  return (
    <div className="m-auto max-w-md p-8 text-center">
      <p aria-hidden="true" className="text-accent mb-4 text-5xl">
        ⬢
      </p>
      <h2 className="text-2xl font-semibold">{isRoomKnown ? 'No active campaign' : 'Opening the table…'}</h2>
      <p className="text-soft mt-3">
        {isRoomKnown
          ? 'Waiting for the DM to open one. It appears here by itself; you can leave this page open.'
          : 'One moment.'}
      </p>
    </div>
  )
}
