/**
 * Whether this page can offer notices. `insecure`: browsers offer them over https and on the same machine alone. `unsupported`: this
 * browser has none, or keeps nothing. `home_screen`: an iPhone or iPad offers them to a page on its home screen alone. `off`: the
 * operator has turned them off. `denied`: the person has refused them in this browser.
 */
export type NoticeSupport = 'ok' | 'insecure' | 'unsupported' | 'home_screen' | 'off' | 'denied'

/** `permission`: of the browser; null where it has no notices. */
export type Circumstances = {
  isSecure: boolean
  hasPush: boolean
  isApple: boolean
  isSending: boolean
  permission: NotificationPermission | null
}

/** The reason that comes first is the one that the person can do something about. */
export function noticeSupport({ isSecure, hasPush, isApple, isSending, permission }: Circumstances): NoticeSupport {
  if (!isSending) return 'off'
  if (!isSecure) return 'insecure'
  if (!hasPush || permission === null) return isApple ? 'home_screen' : 'unsupported'
  return permission === 'denied' ? 'denied' : 'ok'
}

export const supportWords: Record<Exclude<NoticeSupport, 'ok'>, string> = {
  off: 'This server sends no notices.',
  insecure:
    'Notices need https. This page came over plain http: ask the person who runs the server for another address.',
  unsupported: 'This browser has no notices. In a private window, try a usual one.',
  home_screen: 'Add this page to the home screen first (Share, then “Add to Home Screen”), and open it from there.',
  denied:
    'Notices are blocked for this page. Allow them in the browser’s settings of this site (the sign beside the address), and reload.',
}

export function circumstances(isSending: boolean): Circumstances {
  return {
    isSecure: isSecureContext,
    hasPush: 'serviceWorker' in navigator && 'PushManager' in globalThis,
    isApple: /iPhone|iPad/.test(navigator.userAgent),
    isSending,
    permission: 'Notification' in globalThis ? Notification.permission : null,
  }
}
