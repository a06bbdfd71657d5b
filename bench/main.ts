/** npm run bench [-- --orders 10000,200000] [-- --dialect sqlite,postgres]: every benchmark, one after the other. */
import './rules/run';
import './wms/run';
import './store/main';
