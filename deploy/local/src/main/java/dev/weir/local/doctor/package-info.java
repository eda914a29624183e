/** {@code weir doctor}: start at {@link dev.weir.local.doctor.DoctorCommand}. */
@NullMarked
package dev.weir.local.doctor;

import org.jspecify.annotations.NullMarked;
