type Deps = {
  fetch(request: Request): Promise<Response>
  /** Undefined while the browser has not kept one. */
  offlinePage(): Promise<Response | undefined>
}

type Loading = {
  answer: Promise<Response>
  /** Whether the server answered, even if that was too late for `answer`. Never rejects. */
  fromServer: Promise<boolean>
}

/** A phone whose network swallows requests waits for minutes without this. */
const FIRST_PATIENCE_MS = 4_000
const MAX_PATIENCE_MS = 60_000
/** A proxy answers with these and higher ones for a server that does not answer itself: 502, 503, 504, and Cloudflare's 52x. */
const GATEWAY_STATUS = 502

/** Gets pages from the server, and shows the offline page when none comes in time. */
export class PageLoader {
  readonly #deps: Deps
  #patienceMs = FIRST_PATIENCE_MS

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** `preloaded`: the same page, for which the browser may have asked already. Browsers without preloading have no promise. */
  load(request: Request, preloaded: Promise<Response | undefined> | undefined): Loading {
    const page = Promise.resolve(preloaded).then((early) => early ?? this.#deps.fetch(request))
    const timer = Promise.withResolvers<null>()
    const patience = setTimeout(() => timer.resolve(null), this.#patienceMs)
    const inTime = Promise.race([page, timer.promise]).catch(() => null)
    return {
      answer: inTime.then(async (early) => {
        clearTimeout(patience)
        if (early && early.status < GATEWAY_STATUS) return early
        return (await this.#deps.offlinePage()) ?? page
      }),
      fromServer: Promise.all([page, inTime]).then(
        ([{ status }, early]) => {
          // On a slow line the offline page would load itself again and again without a longer wait.
          if (early === null) this.#patienceMs = Math.min(MAX_PATIENCE_MS, this.#patienceMs * 2)
          return status < GATEWAY_STATUS
        },
        () => false,
      ),
    }
  }
}
