/// `sallyport demo`: the private network with three exits of ours in it, shown to a newcomer.
/// Called by the supervisor's command line, which finds it as a service.
/// Obeys no Tor specification of its own.
@NullMarked
package sallyport.lab.demo;

import org.jspecify.annotations.NullMarked;
