export const loadNoticeSettings = async () => (await import('./NoticeSettings.tsx')).NoticeSettings
