/** Checks the parameters that a node was given against what its description declares. */
import { NodeHelpers } from 'n8n-workflow';
import type { INode, INodeParameters, INodeProperties, INodePropertyCollection, INodePropertyOptions, INodeTypeDescription, NodeParameterValueType } from 'n8n-workflow';
import { isRecord } from './finding';
import type { Finding, Rule } from './finding';

type Report = (rule: Rule, message: string) => void;

interface Level {
	/** Values of this level, and of the whole node, with defaults; display rules look at them. */
	values: INodeParameters;
	root: INodeParameters;
	path: string;
}

/** The parameters with the defaults of those that are shown, as n8n builds them; undefined when n8n itself fails on their shape. */
export function completeParameters(node: INode, description: INodeTypeDescription): INodeParameters | undefined {
	try {
		return NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) ?? {};
	} catch {
		return undefined;
	}
}

/** Unknown or hidden parameters, illegal options, values of a wrong type, required ones that are missing. */
export function checkParameters(node: INode, description: INodeTypeDescription): Finding[] {
	const findings: Finding[] = [];
	const report: Report = (rule, message) => void findings.push({ rule, message, node: node.name });
	const complete = completeParameters(node, description);
	const values: INodeParameters = { ...node.parameters, ...complete };
	new Checker(node, description, report).level(description.properties, node.parameters, { values, root: values, path: '' });
	if (complete === undefined) {
		if (findings.length === 0) report('value', 'n8n cannot read the parameters');
		return findings;
	}
	const issues = NodeHelpers.getNodeParametersIssues(description.properties, { ...node, parameters: complete }, description)?.parameters ?? {};
	for (const [name, messages] of Object.entries(issues)) report('required', `${name}: ${[messages].flat().join(' ')}`);
	return findings;
}

class Checker {
	constructor(
		private readonly node: INode,
		private readonly description: INodeTypeDescription,
		private readonly report: Report,
	) {}

	level(properties: INodeProperties[], given: Record<string, unknown>, level: Level): void {
		for (const [name, value] of Object.entries(given)) {
			const path = level.path === '' ? name : `${level.path}.${name}`;
			const declared = properties.filter((property) => property.name === name);
			if (declared.length === 0) {
				this.report('parameter', `${path} is not a parameter of ${this.node.type}`);
				continue;
			}
			const shown = declared.find((property) => NodeHelpers.displayParameter(level.values, property, this.node, this.description, level.root));
			if (shown === undefined) this.report('parameter', `${path} is hidden by the other parameters`);
			else this.value(shown, value, { ...level, path });
		}
	}

	private value(property: INodeProperties, value: unknown, level: Level): void {
		if (typeof value === 'string' && value.startsWith('=')) return;
		const many = property.typeOptions?.multipleValues === true && property.type !== 'fixedCollection' && property.type !== 'collection';
		if (many && Array.isArray(value)) {
			for (const one of value) this.single(property, one, level);
			return;
		}
		this.single(property, value, level);
	}

	private single(property: INodeProperties, value: unknown, level: Level): void {
		switch (property.type) {
			case 'options':
				return this.option(property, value, level);
			case 'multiOptions':
				if (!Array.isArray(value)) return this.wrong(level, 'a list');
				return value.forEach((one) => this.option(property, one, level));
			case 'boolean':
				return typeof value === 'boolean' ? undefined : this.wrong(level, 'true or false');
			case 'number':
				return this.number(property, value, level);
			case 'string':
			case 'dateTime':
				return typeof value === 'string' ? undefined : this.wrong(level, 'a text');
			case 'collection':
				if (!isRecord(value)) return this.wrong(level, 'an object');
				return this.level((property.options ?? []).filter(isProperty), value, { ...level, values: this.withDefaults((property.options ?? []).filter(isProperty), value) });
			case 'fixedCollection':
				return this.groups(property, value, level);
			case 'resourceLocator':
				return this.locator(property, value, level);
			case 'filter':
				return isRecord(value) && Array.isArray(value['conditions']) ? undefined : this.wrong(level, 'an object with conditions');
			case 'assignmentCollection':
				return isRecord(value) && Array.isArray(value['assignments']) ? undefined : this.wrong(level, 'an object with assignments');
			default:
				return undefined;
		}
	}

	private option(property: INodeProperties, value: unknown, level: Level): void {
		if (typeof value === 'string' && value.startsWith('=')) return;
		if (property.typeOptions?.loadOptionsMethod !== undefined || property.typeOptions?.loadOptions !== undefined) return;
		const options = (property.options ?? []).filter(isOption);
		const shown = options.filter((option) => NodeHelpers.displayParameter(level.values, option, this.node, this.description, level.root));
		if (shown.some((option) => option.value === value)) return;
		this.report('option', `${level.path} is ${JSON.stringify(value)}; it can be ${shown.map((option) => JSON.stringify(option.value)).join(', ')}`);
	}

	private number(property: INodeProperties, value: unknown, level: Level): void {
		if (typeof value !== 'number') return this.wrong(level, 'a number');
		const { minValue = -Infinity, maxValue = Infinity } = property.typeOptions ?? {};
		if (value < minValue || value > maxValue) this.report('value', `${level.path} is ${value}; it must be from ${minValue} to ${maxValue}`);
	}

	private groups(property: INodeProperties, value: unknown, level: Level): void {
		if (!isRecord(value)) return this.wrong(level, 'an object');
		const groups = (property.options ?? []).filter(isGroup);
		for (const [name, given] of Object.entries(value)) {
			const group = groups.find((one) => one.name === name);
			if (group === undefined) {
				this.report('parameter', `${level.path}.${name} is not a group of ${property.name}`);
				continue;
			}
			if (Array.isArray(given) !== (property.typeOptions?.multipleValues === true)) {
				this.wrong({ ...level, path: `${level.path}.${name}` }, Array.isArray(given) ? 'one object' : 'a list');
				continue;
			}
			for (const [index, row] of [given].flat().entries()) {
				const path = `${level.path}.${name}${Array.isArray(given) ? `[${index}]` : ''}`;
				if (isRecord(row)) this.level(group.values, row, { ...level, path, values: this.withDefaults(group.values, row) });
				else this.wrong({ ...level, path }, 'an object');
			}
		}
	}

	private locator(property: INodeProperties, value: unknown, level: Level): void {
		if (!isRecord(value) || value['__rl'] !== true) return this.wrong(level, 'a resource locator with "__rl": true');
		const modes = (property.modes ?? []).map(({ name }) => name);
		if (!modes.includes(String(value['mode']))) this.report('option', `${level.path} has the mode ${JSON.stringify(value['mode'])}; it can be ${modes.join(', ')}`);
	}

	private wrong(level: Level, wanted: string): void {
		this.report('value', `${level.path} must be ${wanted}`);
	}

	/** Inner values with the defaults of their level, so that display rules work; values of no known shape are only passed on. */
	private withDefaults(properties: INodeProperties[], given: Record<string, unknown>): INodeParameters {
		const defaults: INodeParameters = {};
		for (const property of properties) defaults[property.name] ??= property.default;
		return { ...defaults, ...(given as Record<string, NodeParameterValueType>) };
	}
}

function isProperty(option: INodePropertyOptions | INodeProperties | INodePropertyCollection): option is INodeProperties {
	return 'type' in option;
}

function isOption(option: INodePropertyOptions | INodeProperties | INodePropertyCollection): option is INodePropertyOptions {
	return 'value' in option;
}

function isGroup(option: INodePropertyOptions | INodeProperties | INodePropertyCollection): option is INodePropertyCollection {
	return 'values' in option;
}
