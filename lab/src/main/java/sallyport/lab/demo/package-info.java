/// `sallyport demo`: the private network with three exits of ours in it, shown to a newcomer; and `sallyport network`,
/// the
/// network alone, as long as the public one where that is wanted.
/// Called by the supervisor's command line, which finds them as services.
/// Obeys no Tor specification of its own.
@NullMarked
package sallyport.lab.demo;

import org.jspecify.annotations.NullMarked;
