/// Figures that decisions quote: JMH benchmarks of one step each, called from the command line only.
@NullMarked
package sallyport.benchmarks;

import org.jspecify.annotations.NullMarked;
