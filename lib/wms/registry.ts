/** Every WMS, one line each. The contract suite in `test/wms` runs over them. */
import { extensivWms } from './extensiv';
import { amazonMcfWms } from './amazonMcf';
import { fileWms } from './file';
import { httpWms } from './genericHttp';
import { shipBobWms } from './shipBob';
import { shipStationWms } from './shipStation';
import { shipHeroWms } from './shipHero';
import { trytonWms } from './tryton';
import { x12Wms } from './x12';
import type { Wms } from './Wms';

export const WMS = {
	extensiv: extensivWms,
	file: fileWms,
	amazonMcf: amazonMcfWms,
	genericHttp: httpWms,
	shipBob: shipBobWms,
	shipStation: shipStationWms,
	shipHero: shipHeroWms,
	tryton: trytonWms,
	x12: x12Wms,
} as const satisfies Record<string, Wms<never, unknown, never>>;

export type WmsCode = keyof typeof WMS;

/** For lists in the editor. */
export const WMS_LABELS: ReadonlyArray<{ code: WmsCode; label: string }> = Object.entries(WMS).map(([code, { label }]) => ({
	code: code as WmsCode,
	label,
})).sort((left, right) => left.label.localeCompare(right.label));
