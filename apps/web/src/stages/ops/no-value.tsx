export const noValue = <span className="text-soft">–</span>
