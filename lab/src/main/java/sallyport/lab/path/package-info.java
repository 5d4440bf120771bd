/// Whom a client's circuits go through: the relays of a consensus with what their microdescriptors say,
/// and the choice of guard, middle and exit by the consensus' bandwidth weights, exit policies, families
/// and networks. Called by `client`; pure, but for the random numbers it is handed. Obeys path-spec "Path
/// selection and constraints" and dir-spec "Computing bandwidth weights".
@NullMarked
package sallyport.lab.path;

import org.jspecify.annotations.NullMarked;
