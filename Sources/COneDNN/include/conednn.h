#ifndef CONEDNN_H
#define CONEDNN_H
int conednn_version(void);
#endif
