/// What an attack on some relays of a process does to the users of the others: attackers, and phases of
/// the same users before, during and after.
@NullMarked
package sallyport.lab.overload;

import org.jspecify.annotations.NullMarked;
