/** The page of a feed without a value, for a visitor; how to make one is for the person who runs the server. */
export function WaitingForValue({ subject, isRunning }: { subject: string | null; isRunning: boolean }) {
  return (
    <div className="mx-auto max-w-md py-16 text-center">
      <h2 className="text-2xl font-semibold">No signals yet</h2>
      <p className="text-soft mt-3">
        Signals are numbers that a program sends, such as prices. They appear here by themselves as soon as the first
        ones come. You can leave this page open.
      </p>
      <details className="text-soft mt-6 text-sm">
        <summary className="mx-auto w-fit cursor-pointer py-3">Do you run this server?</summary>
        <p className="mt-1">
          {isRunning
            ? `The feed works, and waits for its first value${subject === null ? '' : ` on ${subject}`}.`
            : 'The source of this feed does not exist yet. The server looks for it again and again.'}{' '}
          <code>npx -y pnpm demo:signals</code> publishes a generated series.
        </p>
      </details>
    </div>
  )
}
