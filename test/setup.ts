import fc from 'fast-check';

/** Every run tries the same inputs, so that a failure is the code's and not the day's; FAST_CHECK_SEED tries others. */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20261123) });
