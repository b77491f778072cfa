// The parts for the device that a page loads when a person has come, or when it is their turn.
export const loadDeviceSettings = () => import('./DeviceSettings.tsx').then(({ DeviceSettings }) => DeviceSettings)
export const loadStayAwake = () => import('./StayAwake.tsx').then(({ StayAwake }) => StayAwake)
