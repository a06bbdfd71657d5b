/** What people look after: sweeps and purges, rule sets, figures, recovery. */
export { beginRecovery, DEFAULT_SKIP, endRecovery, enterRecovery, recovery } from './recovery';
export { deleteRuleSet, ruleSet, ruleSets, saveRuleSet } from './ruleSets';
export { statistics } from './statistics';
export { abandonOverdue, purge } from './sweeps';
