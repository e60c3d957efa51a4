#ifndef CONEDNN_PREPARE_H
#define CONEDNN_PREPARE_H

/// Sets the library's options of the calling thread and of the process; called before each primitive is made.
void conednn_prepare(void);
#endif
