/** The templates of a shop and a warehouse that exchange files; variants for other carts and warehouses lie beside them. */
export const FILE_TEMPLATES = {
	'00': '00-full-lifecycle.json',
	'01': '01-import-and-route-file.json',
	'02': '02-release-and-retry.json',
	'03': '03-ship-and-upload-tracking.json',
	'04': '04-abandon.json',
	'05': '05-alerts.json',
	'07': '07-nightly-reconcile.json',
	'08': '08-three-merchants-file.json',
} as const;

export type TemplateNumber = keyof typeof FILE_TEMPLATES;
