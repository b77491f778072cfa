export function WaitingForValue({ subject, isRunning }: { subject: string | null; isRunning: boolean }) {
  return (
    <div className="mx-auto max-w-md py-16 text-center">
      <h1 className="text-2xl font-semibold">{isRunning ? 'Nothing has come yet' : 'The source is not there yet'}</h1>
      <p className="text-soft mt-3">
        {isRunning
          ? `The first value on ${subject ?? 'the feed'} appears here by itself.`
          : 'As soon as its stream is there, the values appear here by themselves.'}
      </p>
      <p className="text-soft mt-3 text-sm">
        <code>npx -y pnpm demo:signals</code> publishes a generated series.
      </p>
    </div>
  )
}
