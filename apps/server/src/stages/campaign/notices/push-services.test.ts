import { describe, expect, it } from 'vitest'
import { noticeOptions } from '../../../config/notice-options.ts'
import { pushServices, serviceOf } from './push-services.ts'

const known = pushServices.parse(noticeOptions.PUSH_SERVICES.fallback)

describe('the list of push services', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/abc:def',
    'https://updates.push.services.mozilla.com/wpush/v2/gAAAA',
    'https://wns2-par02p.notify.windows.com/w/?token=BQ',
    'https://web.push.apple.com/QGx',
    'https://FCM.googleapis.com:443/fcm/send/x',
  ])('has %s by default', (endpoint) => {
    expect(serviceOf(endpoint, known)).not.toBeNull()
  })

  it.each([
    'http://fcm.googleapis.com/fcm/send/x',
    'https://fcm.googleapis.com:8443/x',
    'https://user@fcm.googleapis.com/x',
    'https://:word@fcm.googleapis.com/x',
    'https://fcm.googleapis.com.evil.example/x',
    'https://evil.example/fcm.googleapis.com',
    'https://evil.example#@fcm.googleapis.com/',
    'https://evil.example\\@fcm.googleapis.com/',
    'https://xfcm.googleapis.com/x',
    'https://x.fcm.googleapis.com/x',
    'https://fcm.googleapis.com./x',
    'https://notify.windows.com.evil.example/x',
    'https://evilnotify.windows.com/x',
    'https://127.0.0.1/x',
    'https://2130706433/x',
    'https://[::1]/x',
    'https://169.254.169.254/latest/meta-data/',
    'https://localhost/x',
    'file:///etc/passwd',
    'nonsense',
  ])('does not have %s', (endpoint) => {
    expect(serviceOf(endpoint, known)).toBeNull()
  })

  it('is empty for off, and takes a service of a club with its port and its private address', () => {
    expect(pushServices.parse('off')).toEqual([])
    const own = pushServices.parse('push.club.example:8443=private, *.Example.org')
    expect(own).toEqual([
      { host: 'push.club.example', port: '8443', isSuffix: false, isPrivate: true },
      { host: 'example.org', port: '', isSuffix: true, isPrivate: false },
    ])
    expect(serviceOf('https://push.club.example:8443/x', own)?.isPrivate).toBe(true)
    expect(serviceOf('https://push.club.example/x', own)).toBeNull()
    expect(serviceOf('https://a.b.example.org/x', own)?.isPrivate).toBe(false)
    expect(serviceOf('https://example.org/x', own)).not.toBeNull()
  })

  it.each(['https://push.example', 'push.example/x', 'a b', '*', '*.*.example', 'host:99999', 'host=public'])(
    'refuses the entry “%s”',
    (entry) => {
      expect(pushServices.safeParse(entry).success).toBe(false)
    },
  )
})
