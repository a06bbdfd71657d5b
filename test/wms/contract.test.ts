import { WMS } from '../../nodes/partners';
import { wmsProperty } from '../../nodes/partners/lists';
import { harnessOf, needsHarness } from '../harnesses';
import { trytonMissing } from '../../testing/servers/tryton';
import { wmsContract, type WmsHarness } from './contract';

it('lists every WMS for the editor', () =>
	expect(wmsProperty.options?.map((option) => 'value' in option && option.value).sort()).toEqual(Object.keys(WMS).sort()));

for (const [code, { wms }] of Object.entries(WMS)) {
	const missing = code === 'tryton' ? trytonMissing() : null;
	const harness = harnessOf<WmsHarness>('wms', code);
	if (missing !== null) continue;
	if (harness === null) needsHarness('wms', code);
	else wmsContract(code, wms, harness);
}
