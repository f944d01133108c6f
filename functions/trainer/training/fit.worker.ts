import { parentPort, workerData } from 'node:worker_threads';
import { fit, type FitOptions } from '../../../shared/core/training/fit.ts';

/** Fits, and tells of each epoch as it ends; `undefined` is the last message. */
for (const epoch of fit(workerData as FitOptions)) parentPort?.postMessage(epoch);
parentPort?.postMessage(undefined);
