/// Looks at the machine and the configuration for what keeps relays from serving well, and says what to
/// do about it. Changes nothing. Called by `launch`, which prints the findings; every look outside goes
/// through [sallyport.supervisor.doctor.Machine]. Obeys no Tor section.
@NullMarked
package sallyport.supervisor.doctor;

import org.jspecify.annotations.NullMarked;
