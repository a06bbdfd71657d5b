/** What holds for every partner because it is registered. */
import type { INodeProperties } from 'n8n-workflow';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cartPartners, pollOptions, sendOptions, updateOptions, wmsPartners } from '../../nodes/partners/lists';
import { loadSourceClasses } from '../../testing/engine/sourcePackage';

const through = (code: string, suite: string): boolean => {
	const file = path.join(__dirname, `${code}.test.ts`);
	return existsSync(file) && readFileSync(file, 'utf8').includes(`${suite}('${code}'`);
};
const overHttp = (partners: ReadonlyArray<[string, { exchangesFiles?: boolean }]>): string[] =>
	partners.filter(([, { exchangesFiles }]) => exchangesFiles !== true).map(([code]) => code);

it('calls a partner by its code', () => {
	for (const [code, { cart }] of cartPartners) expect(cart.code).toBe(code);
	for (const [code, { wms }] of wmsPartners) expect(wms.code).toBe(code);
});

it('signs in with credentials that the package has', () => {
	const known = loadSourceClasses().credentialTypes.map((CredentialClass) => new CredentialClass().name);
	for (const [, { signIns }] of [...cartPartners, ...wmsPartners]) for (const { name } of signIns) expect(known).toContain(name);
});

it('takes each partner over HTTP through its nodes', () => {
	expect(overHttp(cartPartners).filter((code) => !through(code, 'cartThroughNodes'))).toEqual([]);
	expect(overHttp(wmsPartners).filter((code) => !through(code, 'wmsThroughNodes'))).toEqual([]);
});

it('has no two options of one name, of which the editor would keep one', () => {
	const named = (options: readonly INodeProperties[]): string[] => options.map(({ name }) => name);
	for (const list of [updateOptions(), sendOptions(), pollOptions()]) expect(named(list)).toEqual([...new Set(named(list))]);
});

it('shows the options of a partner with that partner alone', () => {
	for (const { displayOptions } of updateOptions()) expect(displayOptions?.show?.['/cart']).toHaveLength(1);
	for (const { displayOptions } of [...sendOptions(), ...pollOptions()]) expect(displayOptions?.show?.['/wms']).toHaveLength(1);
});
