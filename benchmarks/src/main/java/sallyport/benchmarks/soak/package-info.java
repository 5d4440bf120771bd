/// The soak: half an hour of mixed traffic with random faults through exits of ours, and a look from outside at what
/// they
/// still hold afterwards.
/// Called from the command line only; `docs/soak.md` has its results.
@NullMarked
package sallyport.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
