/// What an instance says about itself to the authorities: built, signed, uploaded, and looked for in the
/// consensus.
/// Run by a control task of instance; uses identity to sign, directory to upload and to look.
/// Obeys dir-spec "Server descriptor format", "Extra-info document format" and "Uploading server descriptors".
@NullMarked
package sallyport.engine.descriptor;

import org.jspecify.annotations.NullMarked;
