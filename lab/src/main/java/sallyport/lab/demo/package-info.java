/// `sallyport demo`: a private network with exits of ours in it, shown to a newcomer; `sallyport
/// network`, the network alone, as long as the public one where that is wanted; and `sallyport load`,
/// users for either. Called by the supervisor's command line, which finds them as services. Obeys no Tor
/// specification of its own.
@NullMarked
package sallyport.lab.demo;

import org.jspecify.annotations.NullMarked;
