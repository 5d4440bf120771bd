/// Counting: the bandwidth a relay carried and the faults its peers made, as sums without any peer's name.
/// Fed by link, circuit and stream on the instance's loop; read by descriptor and by whoever shows status.
/// Obeys dir-spec "Server descriptor format" (`bandwidth`) and "Extra-info document format" (`read-history`).
@NullMarked
package sallyport.engine.accounting;

import org.jspecify.annotations.NullMarked;
