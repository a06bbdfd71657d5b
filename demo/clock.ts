/** A clock that can be moved: shifts what this process takes for the present. Load it before anything that reads the time. */

const RealDate = Date;
let offsetMs = 0;

const ShiftedDate: DateConstructor = new Proxy(RealDate, {
	construct: (target, args: unknown[], newTarget) =>
		Reflect.construct(target, args.length === 0 ? [target.now() + offsetMs] : args, newTarget === ShiftedDate ? target : newTarget),
	apply: () => new RealDate(RealDate.now() + offsetMs).toString(),
	get: (target, property, receiver) =>
		property === 'now'
			? () => target.now() + offsetMs
			: (Reflect.get(target, property, receiver === ShiftedDate ? target : receiver) as unknown),
});

/** From now on, the present is this far after the machine's. */
export function shiftClock(byMs: number): void {
	globalThis.Date = ShiftedDate;
	offsetMs = byMs;
}
